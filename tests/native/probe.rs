//! Named behaviours: the measured table, a simulator of our own, and arbitrary text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use proxy_concurrency::Value;
use proxy_concurrency::probe::{
    Caution, Confidence, DesignInput, Failure, MAX_LINES, MAX_TEXT, Next, Phase, PhaseKind, ProbeDesign, Reading,
    Verdict, design, read, read_value,
};

use super::config;

fn lines(groups: &[(u32, &str, f64)]) -> String {
    // Jitter as on a busy machine: up to 40 ms, late only.
    let mut random = Random(7);
    let mut text = String::new();
    for (n, status, seconds) in groups {
        for _ in 0..*n {
            writeln!(text, "{status} {:.3}", seconds + 0.04 * random.unit()).expect("a string takes all");
        }
    }
    text
}

/// Measured at a limit of 8 with 16 (or 24) at once and a target that takes 1 s: status and total time, nothing else.
#[test]
fn the_measured_table_is_read_as_what_it_was() {
    type Row<'a> = (&'a str, &'a [(u32, &'a str, f64)], Verdict, Option<u32>);
    let rows: &[Row<'_>] = &[
        ("head-room", &[(16, "200", 1.01)], Verdict::Headroom, None),
        ("hard 503", &[(8, "200", 1.01), (8, "503", 0.01)], Verdict::Reject, Some(8)),
        ("hard 503 of connections, burst", &[(3, "200", 1.03), (13, "503", 0.01)], Verdict::Reject, Some(3)),
        ("hard 503, all refused", &[(16, "503", 0.01)], Verdict::NotEnough, None),
        ("429", &[(8, "200", 1.01), (8, "429", 0.01)], Verdict::Reject, Some(8)),
        ("TCP reject", &[(8, "200", 1.01), (8, "reset", 0.01)], Verdict::Reject, Some(8)),
        ("silent drop", &[(8, "200", 1.01), (8, "timeout", 10.0)], Verdict::Reject, Some(8)),
        ("tarpit", &[(8, "200", 1.0), (8, "429", 2.0)], Verdict::Tarpit, Some(8)),
        ("queue", &[(8, "200", 1.01), (8, "200", 2.02)], Verdict::Queue, Some(8)),
        ("queue, 3N", &[(8, "200", 1.01), (8, "200", 2.02), (8, "200", 3.02)], Verdict::Queue, Some(8)),
        ("queue, time-out", &[(8, "200", 1.01), (8, "503", 0.51)], Verdict::QueueThenReject, Some(8)),
        ("no `timeout queue`", &[(8, "200", 1.01), (8, "503", 0.71)], Verdict::QueueThenReject, Some(8)),
        ("TCP-mode time-out", &[(8, "200", 1.01), (8, "closed", 0.51)], Verdict::QueueThenReject, Some(8)),
        ("bounded queue", &[(8, "200", 1.0), (4, "200", 2.0), (4, "503", 0.01)], Verdict::BoundedQueue, Some(8)),
        ("accept backlog", &[(8, "200", 1.0), (7, "200", 2.0), (1, "200", 3.0)], Verdict::Queue, Some(8)),
        ("exit-IP capacity", &[(12, "200", 1.0), (12, "200", 2.0)], Verdict::Queue, Some(12)),
        ("Squid per client", &[(9, "200", 1.01), (7, "closed", 0.01)], Verdict::Reject, Some(9)),
        ("Squid maxconn", &[(8, "200", 1.01), (8, "403", 0.01)], Verdict::Reject, Some(8)),
        ("wrong password", &[(16, "407", 0.01)], Verdict::Authentication, None),
        ("target fails", &[(16, "502", 0.3)], Verdict::TargetError, None),
        ("nobody listens", &[(16, "refused", 0.001)], Verdict::Unreachable, None),
    ];
    for (name, groups, verdict, limit) in rows {
        let reading = read(&lines(groups)).unwrap();
        assert_eq!(reading.verdict, *verdict, "{name}: {reading:?}");
        assert_eq!(reading.limit.map(|limit| limit.estimate), *limit, "{name}: {reading:?}");
        // Without start times nothing is certain but what was answered.
        let sure = matches!(verdict, Verdict::TargetError | Verdict::Unreachable | Verdict::Authentication);
        assert!(sure || reading.confidence < Confidence::Strong, "{name}: {reading:?}");
    }
    // A throttle: times all over, and nothing else known.
    let spread: String = (0..16).map(|i| format!("200 {}\n", 1.0 + 2.9 * f64::from(i) / 15.0)).collect();
    let reading = read(&spread).unwrap();
    assert_eq!(reading.verdict, Verdict::NotEnough);
    assert_eq!(reading.alternatives, [Verdict::Queue, Verdict::Bandwidth, Verdict::SlowTarget]);
    assert!(reading.next.contains(&Next::TimeConnect));
}

#[test]
fn the_scripts_own_summary_is_too_little_and_what_it_leaves_open_is_said() {
    let reading = read("Status codes: {200, 503}\nLatency range: 5.1s – 9.8s\n").unwrap();
    assert_eq!(
        (reading.verdict, reading.confidence, reading.status),
        (Verdict::NotEnough, Confidence::Weak, Some(503))
    );
    assert_eq!(reading.next.first(), Some(&Next::GiveLines));
    // The fastest took 5.1 s, so nobody was refused at once.
    assert!(!reading.alternatives.contains(&Verdict::Reject));
    assert!(reading.alternatives.contains(&Verdict::QueueThenReject));
    let reading = read("Status codes: {200}\nLatency range: 5.1s - 5.4s").unwrap();
    assert_eq!(reading.alternatives, [Verdict::Headroom]);
    let reading = read("Status codes: {200, 503}\nLatency range: 0.1s – 5.2s").unwrap();
    assert!(reading.alternatives.contains(&Verdict::Reject));
    // What its probe returns, printed.
    let reading = read("[(200, 5.12), (503, 0.08), (200, 5.13), (503, 0.09)]").unwrap();
    assert_eq!((reading.verdict, reading.read, reading.lines), (Verdict::Reject, 4, vec![1]));
}

#[test]
fn every_way_to_write_a_line_is_read() {
    for text in [
        "200 1.5",
        "200\t1,5",
        "200;1,5",
        "200,1.5",
        "200, 1.5",
        " \"200\" , 1.5",
        "200 1,5",
        "200 1.5s",
        "200 1500ms",
        "200 1500 ms",
        "200 1.5 s",
        "OK 1.5",
        "\u{feff}200 1.5\r\n",
        "status,ms\n200,1500",
        "elapsed;code\n1,5;200",
        "# a comment\n\nstatus seconds start host\n200 1.5 0.0 a",
        "status,seconds,start\n200,1.5,",
    ] {
        let reading = read(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!((reading.read, reading.hold), (1, Some(1.5)), "{text:?}");
        assert!(reading.unread.is_empty(), "{text:?}");
    }
    for (word, failure) in [
        ("reset", Failure::Reset),
        ("ConnectionResetError", Failure::Reset),
        ("ECONNRESET", Failure::Reset),
        ("timeout", Failure::TimedOut),
        ("ReadTimeout", Failure::TimedOut),
        ("eof", Failure::Closed),
        ("closed", Failure::Closed),
        ("RemoteDisconnected", Failure::Closed),
        ("refused", Failure::Refused),
        ("dns", Failure::Unresolved),
        ("SSLError", Failure::Tls),
        ("ProxyError", Failure::Other),
        ("000", Failure::Other),
    ] {
        let reading = read(&format!("{word} 0.1\n")).unwrap();
        assert_eq!(reading.failure, Some(failure), "{word}");
    }
}

#[test]
fn what_is_no_line_is_counted_and_nothing_but_that_is_refused() {
    let reading =
        read("200 1.0\nhello\n200 -1\n200 NaN\n200 inf\n99 1\n200 1 2\n200,2,5\n200 1.0\n200 1e9\n1.0\n").unwrap();
    assert_eq!((reading.read, reading.unread), (2, vec![2, 3, 4, 5, 6, 7, 8, 10, 11]));
    for text in ["", " \n\n", "# nothing", "hello", "NaN NaN", "status seconds"] {
        let error = read(text).unwrap_err();
        assert_eq!(error.field(), "text");
        assert!(error.to_string().contains("status seconds"), "{error}");
    }
    let long = "200 1\n".repeat(MAX_LINES);
    assert_eq!(read(&long).unwrap().read, 10_000);
    assert!(read(&(long + "200 1\n")).unwrap_err().to_string().contains("10000"));
    assert!(read(&" ".repeat(MAX_TEXT + 1)).unwrap_err().to_string().contains("1000000"));
    // A cell of a column that is there must be right.
    let reading =
        read("status seconds start connect by\n200 1 0 0.1 proxy\n200 1 0 1.1 -\n200 1 x - -\n200 1 0 - me\n");
    assert_eq!(reading.unwrap().unread, [3, 4, 5]);
}

#[test]
fn a_record_of_text_is_read_and_nothing_else() {
    let text = |x: Value| Value::Record(vec![("text".into(), x)]);
    assert_eq!(read_value(&text(Value::Text("200 1".into()))).unwrap().read, 1);
    for value in [Value::Nothing, text(Value::Nothing), text(Value::Number(1.0)), Value::Record(vec![])] {
        assert_eq!(read_value(&value).unwrap_err().iter().next().unwrap().field(), "text", "{value:?}");
    }
    let other = Value::Record(vec![("txt".into(), Value::Text("200 1".into()))]);
    assert_eq!(read_value(&other).unwrap_err().to_string(), "txt is not a field");
}

#[test]
fn designs_keep_within_what_is_allowed_and_say_what_that_costs() {
    let whole = design(&DesignInput::new(8.0)).unwrap();
    assert_eq!((whole.requests, whole.over_cap, whole.most_open), (52, 8, 16));
    assert!(whole.cautions.is_empty());
    assert_eq!(whole.phases.iter().map(|x| x.requests).sum::<u32>(), 52);
    for allowed in 1..=60_u32 {
        let input = DesignInput { requests: Some(f64::from(allowed)), ..DesignInput::new(8.0) };
        let plan = design(&input).unwrap();
        assert!(plan.requests <= allowed && plan.requests >= allowed.min(9), "{plan:?}");
        assert_eq!(plan.phases.iter().map(|x| x.requests).sum::<u32>(), plan.requests);
        assert_eq!(plan.cautions.contains(&Caution::BelowCap), allowed < 10, "{plan:?}");
        assert_eq!(plan.cautions.contains(&Caution::NoRateCheck), allowed < 52, "{plan:?}");
    }
    // A cap of 100: fewer refusals than some providers block for, unless a queue's end is asked for.
    let hundred = design(&DesignInput::new(100.0)).unwrap();
    assert_eq!((hundred.over_cap, hundred.most_open), (24, 124));
    let deep = design(&DesignInput { detect_queue: true, ..DesignInput::new(100.0) }).unwrap();
    assert_eq!((deep.over_cap, deep.cautions.as_slice()), (124, &[Caution::MayBePunished][..]));
    // Without a tunnel, the target's time is all there is; and idle connections are tried.
    let forward = design(&DesignInput { tunnel: false, response_time: 0.1, ..DesignInput::new(8.0) }).unwrap();
    assert!(forward.cautions.contains(&Caution::HoldTooShort));
    let forward = design(&DesignInput { tunnel: false, response_time: 5.0, ..DesignInput::new(8.0) }).unwrap();
    assert_eq!((forward.requests, forward.hold, forward.cautions.len()), (61, 5.0, 0));
    assert_eq!(forward.phases.last().map(|x| (x.kind, x.at_once)), Some((PhaseKind::Idle, 9)));
}

#[test]
fn a_design_is_read_from_a_record() {
    let record =
        |fields: &[(&str, Value)]| Value::Record(fields.iter().map(|(n, v)| ((*n).into(), v.clone())).collect());
    let input = DesignInput::from_value(&record(&[("cap", Value::Number(8.0)), ("tunnel", Value::Switch(false))]));
    assert_eq!(input.unwrap(), DesignInput { tunnel: false, ..DesignInput::new(8.0) });
    let refused = |fields: &[(&str, Value)]| DesignInput::from_value(&record(fields)).unwrap_err().to_string();
    assert_eq!(refused(&[]), "cap must be a whole number from 1 to 20000, and nothing was given");
    assert_eq!(
        refused(&[("cap", Value::Text("x".into())), ("tunnel", Value::Number(1.0)), ("caps", Value::Nothing)]),
        "cap must be a whole number from 1 to 20000, not “x”\ntunnel must be true or false, not 1\ncaps is not a field"
    );
    for cap in [0.0, 0.5, -1.0, f64::NAN, f64::INFINITY, 20_001.0] {
        assert_eq!(design(&DesignInput::new(cap)).unwrap_err().iter().next().unwrap().field(), "cap");
    }
}

proptest! {
    #![proptest_config(config(300))]

    /// All are open together, turns stay apart, and what is late is later than the network's jitter.
    #[test]
    fn a_design_holds_long_enough(
        cap in 1.0..2000.0_f64, jitter in 0.0..0.5_f64, stagger in 0.0..0.1_f64, detect_queue: bool,
    ) {
        let cap = cap.floor();
        let plan = design(&DesignInput { jitter, stagger, detect_queue, ..DesignInput::new(cap) }).unwrap();
        let starts = plan.stagger * f64::from(plan.most_open - 1);
        prop_assert!(plan.hold >= starts + 2.0 * jitter);
        prop_assert!(plan.hold - plan.stagger * cap >= 0.5 * plan.hold);
        prop_assert!(0.25 * plan.hold >= 2.0 * jitter);
        prop_assert!(f64::from(plan.most_open) > cap);
        prop_assert!(plan.timeout > 2.0 * plan.hold && plan.duration > plan.hold);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = read(&text);
    }

    /// Text that is nearly right reaches further.
    #[test]
    fn any_lines_are_read_or_refused(rows in proptest::collection::vec(
        ("(200|503|407|reset|timeout|x|-|0)", "[ ,;\t]{1,2}", "[0-9.,e-]{1,6}", "( [0-9.-]{1,4}){0,5}"), 0..60
    ), header: bool) {
        let mut text = if header { "status seconds start connect done by ip idle\n".to_owned() } else { String::new() };
        for (status, separator, seconds, more) in rows {
            writeln!(text, "{status}{separator}{seconds}{more}").expect("a string takes all");
        }
        let _ = read(&text);
    }

}

proptest! {
    // Each case reads whole runs.
    #![proptest_config(config(40))]

    /// Lines carry no order; where they have start times, those do.
    #[test]
    fn the_order_of_lines_says_nothing(seed in 0..500_u64, order in Just((0..80_usize).collect::<Vec<_>>()).prop_shuffle()) {
        for detail in DETAILS {
            let (_, behaviour) = BEHAVIOURS[usize::try_from(seed).unwrap() % BEHAVIOURS.len()];
            let text = Run::new(behaviour, 8, 0.02, seed).text(detail);
            let (header, rows) = text.split_once('\n').unwrap();
            let rows: Vec<&str> = rows.lines().collect();
            let shuffled = order.iter().filter_map(|i| rows.get(*i)).copied().collect::<Vec<_>>();
            prop_assert_eq!(shuffled.len(), rows.len());
            let one = read(&text).unwrap();
            let other = read(&format!("{header}\n{}", shuffled.join("\n"))).unwrap();
            let mut lines: Vec<&str> = one.lines.iter().map(|n| rows[*n as usize - 2]).collect();
            let mut other_lines: Vec<&str> = other.lines.iter().map(|n| shuffled[*n as usize - 2]).collect();
            lines.sort_unstable();
            other_lines.sort_unstable();
            prop_assert_eq!(lines, other_lines);
            prop_assert_eq!(Reading { lines: vec![], ..one }, Reading { lines: vec![], ..other });
        }
    }

    /// In milliseconds or in hours: only ratios count.
    #[test]
    fn the_scale_of_time_says_nothing(seed in 0..500_u64, scale in prop::sample::select(vec![1.0 / 1024.0, 0.25, 16.0, 512.0])) {
        for detail in DETAILS {
            let (_, behaviour) = BEHAVIOURS[usize::try_from(seed).unwrap() % BEHAVIOURS.len()];
            let run = Run::new(behaviour, 8, 0.02, seed);
            let one = read(&run.text(detail)).unwrap();
            let other = read(&run.scaled(scale).text(detail)).unwrap();
            prop_assert_eq!((one.verdict, one.limit, one.lines, one.alternatives), (other.verdict, other.limit, other.lines, other.alternatives));
        }
    }
}

/// A generator of our own (G. Marsaglia, "Xorshift RNGs", J. Statistical Software 8 (2003) 14).
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        f64::from(u32::try_from(self.0 >> 32).expect("32 bits")) / f64::from(u32::MAX)
    }
}

/// What the simulated proxy does; times in units of the hold.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Behaviour {
    Headroom,
    Reject,
    Drop,
    BoundedQueue,
    QueueTimeout(f64),
    Queue,
    Tarpit,
    /// Addresses picked at random, a share of the limit for each; known or not.
    PerIp {
        known: bool,
    },
    Penalty,
    /// Starts in a time.
    Rate(f64),
    Bandwidth,
    TargetError,
    Authentication,
}

const BEHAVIOURS: [(&str, Behaviour); 15] = [
    ("headroom", Behaviour::Headroom),
    ("reject", Behaviour::Reject),
    ("drop", Behaviour::Drop),
    ("bounded queue", Behaviour::BoundedQueue),
    ("queue, short time-out", Behaviour::QueueTimeout(0.4)),
    ("queue, long time-out", Behaviour::QueueTimeout(1.0)),
    ("queue", Behaviour::Queue),
    ("tarpit", Behaviour::Tarpit),
    ("per IP, known", Behaviour::PerIp { known: true }),
    ("per IP, unknown", Behaviour::PerIp { known: false }),
    ("penalty", Behaviour::Penalty),
    ("rate", Behaviour::Rate(1.0)),
    ("rate by the minute", Behaviour::Rate(60.0)),
    ("target error", Behaviour::TargetError),
    ("authentication", Behaviour::Authentication),
];

/// How much of a run is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// All that the probe program prints.
    Full,
    /// One burst: status and seconds.
    Bare,
}
const DETAILS: [Detail; 2] = [Detail::Full, Detail::Bare];

#[derive(Clone, Debug)]
struct Row {
    phase: PhaseKind,
    status: &'static str,
    start: f64,
    connect: Option<f64>,
    done: Option<f64>,
    seconds: f64,
    by: &'static str,
    ip: Option<usize>,
}

#[derive(Clone, Debug)]
struct Run {
    rows: Vec<Row>,
}

/// The proxy's side of one request.
enum Fate {
    Serve { from: f64 },
    Fail { at: f64, status: &'static str },
}

/// A proxy that keeps, of each request so far, when its service began and ended.
struct Proxy {
    behaviour: Behaviour,
    cap: usize,
    hold: f64,
    served: Vec<(f64, f64, usize)>,
    starts: Vec<f64>,
    refusals: usize,
    blocked_until: f64,
    by_the_minute: usize,
}

impl Proxy {
    fn busy(&self, t: f64) -> usize {
        self.served.iter().filter(|(from, until, _)| *from <= t && t < *until).count()
    }

    /// When a place is free for who comes at `t`, and how many wait then.
    fn turn(&self, t: f64) -> (f64, usize) {
        let waiting = self.served.iter().filter(|(from, ..)| *from > t).count();
        let mut ends: Vec<f64> = self.served.iter().map(|x| x.1).filter(|end| *end > t).collect();
        ends.sort_by(|a, b| b.total_cmp(a));
        // With as many unfinished as places, the one that leaves the last place but `cap` frees it.
        (ends.get(self.cap - 1).map_or(t, |end| end.max(t)), waiting)
    }

    fn fate(&mut self, t: f64, ip: usize) -> Fate {
        let refuse = |status| Fate::Fail { at: t, status };
        let full = self.busy(t) >= self.cap;
        let (turn, waiting) = self.turn(t);
        match self.behaviour {
            Behaviour::Headroom | Behaviour::Bandwidth | Behaviour::TargetError => Fate::Serve { from: t },
            Behaviour::Authentication => refuse("407"),
            Behaviour::Reject if full => refuse("503"),
            Behaviour::Drop if full => Fate::Fail { at: t + 8.0 * self.hold, status: "timeout" },
            Behaviour::Tarpit if full => Fate::Fail { at: t + 2.0 * self.hold, status: "429" },
            Behaviour::Reject | Behaviour::Drop | Behaviour::Tarpit => Fate::Serve { from: t },
            Behaviour::Queue => Fate::Serve { from: turn },
            Behaviour::BoundedQueue if turn > t && waiting >= (self.cap / 2).max(1) => refuse("503"),
            Behaviour::BoundedQueue => Fate::Serve { from: turn },
            Behaviour::QueueTimeout(share) if turn - t > share * self.hold => {
                Fate::Fail { at: t + share * self.hold, status: "503" }
            }
            Behaviour::QueueTimeout(_) => Fate::Serve { from: turn },
            Behaviour::PerIp { .. } => {
                let own = self.served.iter().filter(|(from, until, x)| *x == ip && *from <= t && t < *until).count();
                if own >= self.cap.div_ceil(IPS as usize) { refuse("429") } else { Fate::Serve { from: t } }
            }
            Behaviour::Penalty => {
                if t < self.blocked_until {
                    return refuse("403");
                }
                if !full {
                    return Fate::Serve { from: t };
                }
                self.refusals += 1;
                if self.refusals >= 4 {
                    self.blocked_until = t + 20.0 * self.hold;
                }
                refuse("503")
            }
            Behaviour::Rate(holds) => {
                let recent = self.starts.iter().filter(|x| t - **x < holds * self.hold).count();
                // By the minute, such that it runs out in the burst.
                if recent >= if holds > 10.0 { self.by_the_minute } else { self.cap } {
                    return refuse("429");
                }
                self.starts.push(t);
                Fate::Serve { from: t }
            }
        }
    }
}

const IPS: u32 = 4;

impl Run {
    /// The probe's own phases against a proxy of limit `cap`, believed to be that; `jitter` in seconds.
    fn new(behaviour: Behaviour, cap: u32, jitter: f64, seed: u64) -> Self {
        let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (seed + 1).wrapping_mul(0x0100_0000_01b3));
        for _ in 0..8 {
            random.unit();
        }
        let plan: ProbeDesign = {
            // To see an end of the queue, more must wait than fit in it or in its time.
            let detect_queue = matches!(behaviour, Behaviour::BoundedQueue | Behaviour::QueueTimeout(1.0..));
            design(&DesignInput { detect_queue, ..DesignInput::new(f64::from(cap)) }).expect("a design")
        };
        let hold = plan.hold;
        let mut proxy = Proxy {
            behaviour,
            cap: cap as usize,
            hold,
            served: vec![],
            starts: vec![],
            refusals: 0,
            blocked_until: 0.0,
            by_the_minute: 2 * cap as usize + 1,
        };
        let (mut rows, mut clock): (Vec<Row>, f64) = (vec![], 0.0);
        for Phase { kind, requests, at_once, hold: held, stagger, pause } in plan.phases {
            clock += pause;
            // One that ends at once is over before the next begins, as far as `at_once` wants it.
            let apart = match kind {
                PhaseKind::Burst => stagger,
                _ => stagger.max((0.01 + 2.0 * jitter) / f64::from(at_once)),
            };
            let mut batch: Vec<(f64, f64, usize)> = (0..requests)
                .map(|i| {
                    let start = clock + f64::from(i) * apart;
                    let way = 0.005 + jitter * random.unit();
                    let ip = random.unit();
                    (start + way, start, (1..IPS).filter(|i| ip > f64::from(*i) / f64::from(IPS)).count())
                })
                .collect();
            // In the order in which they reach the proxy.
            batch.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut in_flight: Vec<f64> = vec![];
            for (came, start, ip) in batch {
                let back = 0.005 + jitter * random.unit();
                let fate = proxy.fate(came, ip);
                let mut row = Row {
                    phase: kind,
                    status: "200",
                    start,
                    connect: None,
                    done: None,
                    seconds: 0.0,
                    by: "proxy",
                    ip: matches!(behaviour, Behaviour::PerIp { known: true }).then_some(ip),
                };
                match fate {
                    Fate::Fail { at, status } => {
                        row.status = status;
                        row.seconds = at + back - start;
                    }
                    Fate::Serve { from } => {
                        in_flight.retain(|end| *end > from);
                        row.by = "target";
                        let connect = from + back - start;
                        let mut answer = 0.01 + jitter * random.unit();
                        if behaviour == Behaviour::Bandwidth {
                            answer += 0.5 * hold * in_flight.len() as f64;
                        }
                        row.connect = Some(connect);
                        let mut own = held.max(answer);
                        if behaviour == Behaviour::TargetError && in_flight.len() >= cap as usize {
                            row.status = "503";
                            own = answer;
                        }
                        let held = matches!(kind, PhaseKind::Alone | PhaseKind::Burst);
                        row.done = held.then_some(connect + answer);
                        if !held {
                            own = 0.0;
                        }
                        row.seconds = connect + own;
                        let until = start + row.seconds + 0.5 * back;
                        in_flight.push(until);
                        proxy.served.push((from, until, ip));
                    }
                }
                rows.push(row);
            }
            clock = rows.iter().map(|x| x.start + x.seconds).fold(clock, f64::max);
        }
        // The program ends where the first one fails.
        if rows.first().is_some_and(|x| x.status != "200") {
            rows.truncate(1);
        }
        Self { rows }
    }

    fn scaled(&self, scale: f64) -> Self {
        let mut run = self.clone();
        for row in &mut run.rows {
            row.start *= scale;
            row.seconds *= scale;
            row.connect = row.connect.map(|x| x * scale);
            row.done = row.done.map(|x| x * scale);
        }
        run
    }

    fn text(&self, detail: Detail) -> String {
        let cell = |x: Option<f64>| x.map_or("-".to_owned(), |x| format!("{x:e}"));
        let mut text = String::from("status seconds start connect done by ip\n");
        if detail == Detail::Bare {
            text = "status seconds\n".to_owned();
            let burst: Vec<&Row> = self.rows.iter().filter(|x| x.phase == PhaseKind::Burst).collect();
            let first: Vec<&Row> = self.rows.iter().take(1).collect();
            for Row { status, seconds, .. } in if burst.is_empty() { &first } else { &burst } {
                writeln!(text, "{status} {seconds:e}").expect("a string takes all");
            }
            return text;
        }
        for x in &self.rows {
            let ip = x.ip.map_or("-".to_owned(), |ip| format!("10.0.0.{ip}"));
            let (start, seconds) = (cell(Some(x.start)), cell(Some(x.seconds)));
            writeln!(text, "{} {seconds} {start} {} {} {} {ip}", x.status, cell(x.connect), cell(x.done), x.by)
                .expect("a string takes all");
        }
        text
    }
}

/// What each behaviour is to be called.
const fn name(behaviour: Behaviour) -> Verdict {
    match behaviour {
        Behaviour::Headroom => Verdict::Headroom,
        Behaviour::Reject | Behaviour::Drop => Verdict::Reject,
        Behaviour::BoundedQueue => Verdict::BoundedQueue,
        Behaviour::QueueTimeout(_) => Verdict::QueueThenReject,
        Behaviour::Queue => Verdict::Queue,
        Behaviour::Tarpit => Verdict::Tarpit,
        Behaviour::PerIp { .. } => Verdict::PerIp,
        Behaviour::Penalty => Verdict::Penalty,
        Behaviour::Rate(_) => Verdict::RateLimit,
        Behaviour::Bandwidth => Verdict::Bandwidth,
        Behaviour::TargetError => Verdict::TargetError,
        Behaviour::Authentication => Verdict::Authentication,
    }
}

/// Share of the full runs that must be named. What cannot be told in every run has its reason.
const fn share(behaviour: Behaviour) -> f64 {
    match behaviour {
        // A few addresses that fill up evenly look like one limit.
        Behaviour::PerIp { known: true } => 0.75,
        Behaviour::PerIp { known: false } => 0.6,
        // Over a network that is less even than the starts are, a handful of starts fits too much.
        Behaviour::Rate(1.0) => 0.8,
        // It runs out in the burst, just when as many are open as a limit would allow: that is a block's picture, too.
        Behaviour::Rate(_) => 0.0,
        Behaviour::Penalty => 0.95,
        _ => 1.0,
    }
}

/// Four claims about every run: the truth is named or listed as possible; what is called certain is true; the limit is
/// right; and most are named.
#[test]
fn simulated_behaviours_are_named() {
    let mut matrix: BTreeMap<(Detail, &str, String), u32> = BTreeMap::new();
    let mut wrong = Vec::new();
    for detail in DETAILS {
        for (title, behaviour) in BEHAVIOURS.into_iter().chain([("bandwidth", Behaviour::Bandwidth)]) {
            let truth = name(behaviour);
            let (mut named, mut runs) = (0.0, 0.0);
            for cap in [4, 8, 20, 100] {
                for seed in 0..12 {
                    let jitter = [0.005, 0.02, 0.05][usize::try_from(seed).unwrap() % 3];
                    let run = Run::new(behaviour, cap, jitter, seed);
                    let Reading { verdict, confidence, limit, alternatives, .. } = read(&run.text(detail)).unwrap();
                    *matrix.entry((detail, title, format!("{verdict:?}"))).or_default() += 1;
                    let over = run.rows.iter().any(|x| x.status != "200");
                    // A rate that was never exceeded.
                    let truth =
                        if matches!(behaviour, Behaviour::Rate(_)) && !over { Verdict::Headroom } else { truth };
                    // One burst shows nothing of what comes after it.
                    let possible = verdict == truth
                        || alternatives.contains(&truth)
                        || (detail, truth, verdict) == (Detail::Bare, Verdict::Penalty, Verdict::Reject);
                    // Addresses that fill up evenly, and are not known, look like one limit.
                    let alike = behaviour == (Behaviour::PerIp { known: false }) && verdict == Verdict::Reject;
                    let possible = possible || alike;
                    let certain = confidence == Confidence::Strong && !alike;
                    let estimate = limit.map_or(cap, |x| x.estimate);
                    let right = match verdict {
                        _ if verdict != truth => true,
                        Verdict::PerIp => limit.is_none() || estimate == cap.div_ceil(IPS),
                        Verdict::RateLimit => {
                            estimate.abs_diff(cap) <= 1 + cap / 10 || behaviour != Behaviour::Rate(1.0)
                        }
                        _ => {
                            estimate.abs_diff(cap) <= 1
                                && limit.is_none_or(|x| x.low <= cap + 1 && x.high.is_none_or(|high| high >= cap))
                        }
                    };
                    runs += 1.0;
                    named += f64::from(u8::from(verdict == truth));
                    if !possible || (certain && verdict != truth) || !right {
                        let why = if !right { "limit" } else { "name" };
                        wrong.push(format!(
                            "{why}: {detail:?} {title}, cap {cap}, jitter {jitter}, seed {seed}: {verdict:?} {confidence:?} {limit:?} {alternatives:?}"
                        ));
                    }
                }
            }
            if detail == Detail::Full && named < share(behaviour) * runs {
                wrong.push(format!("{title}: only {named} of {runs} were named"));
            }
        }
    }
    for ((detail, name, verdict), n) in &matrix {
        println!("{detail:?} {name:24} {verdict:18} {n}");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
