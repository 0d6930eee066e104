//! What waits for an answer, and what it takes: a thread, a task on an event loop, or a process for each request in flight.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use crate::environment::presets::{Evidence, OTHER_DESCRIPTORS, Preset, SOCKET_KIB};
use crate::environment::{ClientLibrary, ConcurrencyModel};

/// One thing that waits for one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Waiter {
    /// A thread of Python.
    PythonThread,
    /// A platform thread of Java.
    JavaThread,
    /// A goroutine.
    Goroutine,
    /// A task of Python's asyncio.
    AsyncioTask,
    /// A Python process of its own.
    PythonProcess,
}

impl Waiter {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::PythonThread, Self::JavaThread, Self::Goroutine, Self::AsyncioTask, Self::PythonProcess];

    /// How a client waits that uses it.
    #[must_use]
    pub const fn model(self) -> ConcurrencyModel {
        match self {
            Self::PythonThread | Self::JavaThread => ConcurrencyModel::Threads,
            Self::Goroutine | Self::AsyncioTask => ConcurrencyModel::EventLoop,
            Self::PythonProcess => ConcurrencyModel::Processes,
        }
    }

    /// The one that a client uses under a model. Tasks of Node, Rust and libcurl were not measured: asyncio's stands for
    /// them.
    #[must_use]
    pub const fn of(library: ClientLibrary, model: ConcurrencyModel) -> Self {
        match (model, library) {
            (ConcurrencyModel::Threads, _) => Self::PythonThread,
            (ConcurrencyModel::EventLoop, ClientLibrary::Go) => Self::Goroutine,
            (ConcurrencyModel::EventLoop, _) => Self::AsyncioTask,
            (ConcurrencyModel::Processes, _) => Self::PythonProcess,
        }
    }

    /// Memory of each that is really used while it waits, KiB, without its connection.
    #[must_use]
    pub const fn resident(self) -> Preset {
        let (kib, source, date) = match self {
            Self::PythonThread => (16.4, "Python 3.11.7 on Linux: 1000 idle threads", "2026-11-22"),
            Self::JavaThread => (65.0, "JDK 25.0.3 on Linux: idle platform threads", "2026-11-22"),
            Self::Goroutine => (2.7, "Go 1.27.3: waiting goroutines, of which the stack is 2 KiB", "2026-11-22"),
            Self::AsyncioTask => (1.0, "Python 3.11.7: waiting tasks", "2026-11-22"),
            Self::PythonProcess => {
                (9724.0, "Python 3.11.7 on Linux with ssl and http.client: private memory of each of 20", "2026-11-23")
            }
        };
        Preset { value: Some(kib), evidence: Evidence::Measured, source, date }
    }

    /// Address space that each reserves, KiB: what is counted as its size and seldom used. 0 where it is no more than what
    /// is used.
    #[must_use]
    pub const fn reserved_kib(self) -> f64 {
        match self {
            Self::PythonThread => 8192.0,
            Self::JavaThread => 1024.0,
            Self::Goroutine | Self::AsyncioTask => 0.0,
            Self::PythonProcess => 25_112.0,
        }
    }
}

/// What so many requests in flight take in one runtime.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct RuntimeNeed {
    /// What waits.
    pub waiter: Waiter,
    /// How the client waits.
    pub model: ConcurrencyModel,
    /// Whether it is what the environment's client uses.
    pub chosen: bool,
    /// How many wait, on average.
    pub waiting: f64,
    /// Memory that is really used, MiB: the waiters and the kernel's part of the sockets, without the responses.
    pub resident: f64,
    /// Address space that is reserved for the waiters, MiB.
    pub reserved: f64,
    /// File descriptors of the process that has most of them.
    pub descriptors: f64,
    /// Memory of one waiter, KiB, and how it is known.
    pub each: Preset,
}

/// What `in_flight` requests over `open` connections take.
///
/// # Formula
/// With w KiB a waiter and s = 3.9 KiB of the kernel a socket: resident = (in flight·w + open·s)/1024 MiB; descriptors =
/// open + 10, or 1 + 10 in each process where each request has its own.
/// # Source
/// [`Waiter::resident`], [`SOCKET_KIB`] and [`OTHER_DESCRIPTORS`], measured; TLS sessions (tens of kilobytes in some
/// libraries) and responses are not in it.
/// # Examples
/// ```
/// use proxy_concurrency::runtime::{need, Waiter};
///
/// // The article's 125 in flight: 2 MiB of threads are used, of a gigabyte that is reserved.
/// let threads = need(Waiter::PythonThread, 125.0, 125.0);
/// assert!(threads.resident < 3.0 && threads.reserved == 1000.0);
/// ```
#[must_use]
pub fn need(waiter: Waiter, in_flight: f64, open: f64) -> RuntimeNeed {
    let each = waiter.resident();
    let known = |preset: Preset| preset.value.unwrap_or(0.0);
    let sockets = if waiter.model() == ConcurrencyModel::Processes { open.min(1.0) } else { open };
    RuntimeNeed {
        waiter,
        model: waiter.model(),
        chosen: false,
        waiting: in_flight,
        resident: (in_flight * known(each) + open * known(SOCKET_KIB)) / 1024.0,
        reserved: in_flight * waiter.reserved_kib() / 1024.0,
        descriptors: sockets + known(OTHER_DESCRIPTORS),
        each,
    }
}
