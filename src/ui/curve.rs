//! A small curve: themed, printable, and readable as a sentence.

use leptos::prelude::*;

const WIDTH: i64 = 600;
const HEIGHT: i64 = 96;
/// Room for the stroke at the edges.
const EDGE: i64 = 3;

/// One point, oldest first; equally far apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurvePoint {
    /// How high; in any unit.
    pub height: i64,
}

/// The curve, with the line of nothing when it comes near it.
#[component]
pub fn Curve(
    /// Its points, oldest first.
    points: Vec<CurvePoint>,
    /// The same in a sentence.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let heights: Vec<i64> = points.iter().map(|point| point.height).collect();
    let least = heights.iter().copied().min().unwrap_or(0).min(0);
    let most = heights.iter().copied().max().unwrap_or(0).max(1);
    let line = path(&heights, least, most);
    let area = format!("{line}V{HEIGHT}H0Z");
    let nothing = place(0, least, most);
    view! {
        <svg
            class="curve"
            role="img"
            aria-label=label
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
        >
            <path class="curve-area" d=area fill="currentColor" />
            <path
                class="curve-zero"
                d=format!("M0 {nothing}H{WIDTH}")
                fill="none"
                stroke="currentColor"
                vector-effect="non-scaling-stroke"
            />
            <path
                class="curve-line"
                d=line
                fill="none"
                stroke="currentColor"
                stroke-width="1.5"
                stroke-linejoin="round"
                vector-effect="non-scaling-stroke"
            />
        </svg>
    }
}

/// From a height to a place on the screen, top down, in whole pixels: 128 bits, so that no product of amounts overflows.
fn place(height: i64, least: i64, most: i64) -> i64 {
    let span = i128::from(most) - i128::from(least);
    let room = i128::from(HEIGHT - 2 * EDGE);
    let up = (i128::from(height) - i128::from(least)) * room / span.max(1);
    HEIGHT - EDGE - i64::try_from(up).unwrap_or(0)
}

fn path(heights: &[i64], least: i64, most: i64) -> String {
    let last = i64::try_from(heights.len().saturating_sub(1)).unwrap_or(1).max(1);
    let mut path = String::new();
    for (index, height) in heights.iter().enumerate() {
        let x = i64::try_from(index).unwrap_or(0) * WIDTH / last;
        let letter = if index == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{letter}{x} {}", place(*height, least, most)));
    }
    path
}
