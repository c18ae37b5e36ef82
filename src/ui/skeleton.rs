//! Quiet shapes in the place of what is still on its way, of the same size, so that nothing jumps.

use leptos::prelude::*;

/// Rows of a table.
#[component]
pub fn SkeletonRows(
    /// How many.
    count: usize,
    /// Of how many cells.
    columns: usize,
) -> impl IntoView {
    let cell =
        || view! { <td><span class="skeleton"></span><span class="skeleton short"></span></td> };
    let row = || {
        let cells = (0..columns).map(|_| cell()).collect_view();
        view! { <tr aria-hidden="true">{cells}</tr> }
    };
    (0..count).map(|_| row()).collect_view()
}

/// Lines of text.
#[component]
pub fn SkeletonLines(
    /// How many.
    count: usize,
) -> impl IntoView {
    let line = |_| view! { <span class="skeleton"></span> };
    view! { <div class="skeleton-lines" aria-hidden="true">{(0..count).map(line).collect_view()}</div> }
}
