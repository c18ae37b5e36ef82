//! Small bars, one place each: themed, printable, and readable as a sentence.

use leptos::prelude::*;

const WIDTH: i64 = 600;
const HEIGHT: i64 = 96;
/// Of a hundred parts of a place, what the bars in it take.
const FILLED: i64 = 70;

/// One place: a bar, and another one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// How high the one behind is; in any unit.
    pub back: i64,
    /// How high the one before it is; in the same.
    pub front: i64,
}

/// The bars, from nothing upwards.
#[component]
pub fn Bars(
    /// In order.
    bars: Vec<Bar>,
    /// The same in a sentence.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let most = bars.iter().map(|bar| bar.back.max(bar.front)).max().unwrap_or(1).max(1);
    let count = i64::try_from(bars.len()).unwrap_or(1).max(1);
    let path = |height: fn(&Bar) -> i64| {
        let mut path = String::new();
        for (index, bar) in bars.iter().enumerate() {
            let height = tall(height(bar), most);
            if height > 0 {
                let left = i64::try_from(index).unwrap_or(0) * WIDTH / count;
                let width = WIDTH * FILLED / 100 / count;
                path.push_str(&format!("M{left} {HEIGHT}v-{height}h{width}v{height}z"));
            }
        }
        path
    };
    view! {
        <svg
            class="bars"
            role="img"
            aria-label=label
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
        >
            <path class="bar-front" d=path(|bar| bar.front) />
            <path class="bar-back" d=path(|bar| bar.back) />
            <path d=format!("M0 {HEIGHT}H{WIDTH}") fill="none" stroke="currentColor" vector-effect="non-scaling-stroke" />
        </svg>
    }
}

/// From an amount to whole pixels, what is there at least one high: 128 bits, so that no product of amounts overflows.
fn tall(height: i64, most: i64) -> i64 {
    let pixels = i128::from(height.max(0)) * i128::from(HEIGHT) / i128::from(most);
    let least = i64::from(height > 0);
    i64::try_from(pixels).unwrap_or(HEIGHT).max(least)
}
