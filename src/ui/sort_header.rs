//! The head of a column that can be sorted by.

use leptos::prelude::*;

use super::{Icon, Shape};

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Least first.
    Ascending,
    /// Most first.
    Descending,
}

/// A column head with a button in it.
#[component]
pub fn SortHeader(
    /// What the column is called.
    label: &'static str,
    /// Its class, if the column has one.
    #[prop(optional)]
    class: &'static str,
    /// How it is sorted, if it is.
    #[prop(into)]
    direction: Signal<Option<Direction>>,
    /// Sort by it, or the other way round.
    #[prop(into)]
    on_sort: Callback<()>,
) -> impl IntoView {
    let word = move || match direction.get() {
        Some(Direction::Ascending) => Some("ascending"),
        Some(Direction::Descending) => Some("descending"),
        None => None,
    };
    let arrow = move || match direction.get() {
        Some(Direction::Descending) => Shape::Down,
        _ => Shape::Up,
    };
    view! {
        <th scope="col" class=class aria-sort=word>
            <button type="button" class="sort" on:click=move |_| on_sort.run(())>
                {label}
                <Icon shape=Signal::derive(arrow) />
            </button>
        </th>
    }
}
