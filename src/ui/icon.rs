//! Line icons, 16 by 16. Decoration: the button around one has its words or its `aria-label`.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Edit.
    Pencil,
    /// Close.
    Cross,
    /// Done.
    Check,
    /// Search.
    Lens,
    /// Sorted least first.
    Up,
    /// Sorted most first.
    Down,
    /// Back to where one came from.
    Back,
    /// Opens outside.
    Outside,
}

impl Shape {
    fn path(self) -> &'static str {
        match self {
            Self::Pencil => "M11.2 2.3l2.5 2.5L6 12.5l-3.3.8.8-3.3z",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Check => "M3 8.5l3.2 3.2L13 4.8",
            Self::Lens => "M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9zM10.3 10.3l3.2 3.2",
            Self::Up => "M8 13V3.5M4.5 7L8 3.5L11.5 7",
            Self::Down => "M8 3v9.5M4.5 9L8 12.5L11.5 9",
            Self::Back => "M9.5 3.5L5 8l4.5 4.5",
            Self::Outside => "M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3L7.5 8.5",
        }
    }
}

/// A line icon.
#[component]
pub fn Icon(
    /// What is drawn.
    #[prop(into)]
    shape: Signal<Shape>,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path
                d=move || shape.get().path()
                fill="none"
                stroke="currentColor"
                stroke-width="1.4"
                stroke-linecap="round"
                stroke-linejoin="round"
            />
        </svg>
    }
}
