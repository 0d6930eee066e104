//! What `border.js` does for the module.

use wasm_bindgen::prelude::*;

pub(crate) const END: u8 = 0;
pub(crate) const NOTHING: u8 = 1;
pub(crate) const NO: u8 = 2;
pub(crate) const YES: u8 = 3;
pub(crate) const NUMBER: u8 = 4;
pub(crate) const TEXT: u8 = 5;
pub(crate) const LIST: u8 = 6;
pub(crate) const RECORD: u8 = 7;

#[wasm_bindgen(module = "/src/border.js")]
extern "C" {
    pub(crate) fn flat(given: &JsValue) -> Vec<f64>;
    pub(crate) fn thrown(refusals: Vec<JsValue>, given: &JsValue) -> JsValue;
}

#[wasm_bindgen]
extern "C" {
    // Absent where there is no clock to mark.
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: Option<web_sys::Performance>;
}

/// Shows in the browser's performance panel when an answer was asked for.
pub(crate) fn mark(name: &str) {
    PERFORMANCE.with(|performance| {
        if performance.as_ref().is_some_and(|performance| performance.mark(name).is_err()) {
            web_sys::console::warn_1(&JsValue::from_str("proxy-concurrency: no performance mark could be set"));
        }
    });
}
