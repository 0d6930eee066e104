//! The simulation of a scenario, step by step.

use proxy_concurrency::sim::{self, Experiment, Progress};
use wasm_bindgen::prelude::*;

use crate::{decode, encode, mark, refusals};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { Simulated, SimulationFields } from './types.js';";

/// A simulation at its beginning; `undefined` where the plan limits no number at once. The record holds the fields of a
/// scenario and of a simulation; those of an environment may stand there as well.
///
/// Throws as `report` does.
#[wasm_bindgen]
pub fn simulation(
    #[wasm_bindgen(unchecked_param_type = "Scenario & SimulationFields")] record: &JsValue,
) -> Result<Option<Simulation>, JsValue> {
    mark("proxy-concurrency:simulation");
    let read = sim::read(&decode::value(record));
    let experiment = read.and_then(|(scenario, fields)| Experiment::new(&scenario, &fields));
    experiment.map(|found| found.map(Simulation)).map_err(|errors| refusals(&errors, record))
}

/// A simulation of a scenario; `free()` gives its memory back.
#[wasm_bindgen]
pub struct Simulation(Experiment);

#[wasm_bindgen]
impl Simulation {
    /// Lets so many events happen, or fewer where it ends before. The share that is done, 0 to 1; 1 where it has ended, in
    /// whatever way.
    ///
    /// Throws as `simulation` does where `events` is no whole number from 0 to 500 million.
    pub fn advance(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] events: &JsValue,
    ) -> Result<f64, JsValue> {
        let read = sim::read_events(&decode::value(events)).map_err(|errors| refusals(&errors, events))?;
        Ok(if self.0.advance(read) == Progress::Running { self.0.share() } else { 1.0 })
    }

    /// What it says up to now.
    #[wasm_bindgen(unchecked_return_type = "Simulated")]
    pub fn results(&self) -> Result<JsValue, JsValue> {
        encode(&self.0.results())
    }
}
