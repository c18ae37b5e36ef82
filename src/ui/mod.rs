//! The small shapes that every screen is made of: buttons, fields, the modal dialog, notes, the gate.
//!
//! Nothing in here knows the product or the addresses of its pages: no type of `billing`, no route. Each component has its
//! look in `style/<name>.css`. Words come in as text; what is wrong comes in as a sentence.

mod announcer;
mod bars;
mod blank;
mod button;
mod curve;
mod field;
mod gate;
mod html;
mod icon;
mod modal;
mod moments;
mod note;
mod segmented;
mod skeleton;
mod sort_header;
mod state_mark;
mod text_area;
mod toasts;

pub use announcer::Announcer;
pub use bars::{Bar, Bars};
pub use blank::Blank;
pub use button::{Button, Kind};
pub use curve::{Curve, CurvePoint};
pub use field::Field;
pub use gate::{GATE, Gate, Side};
pub use html::Html;
pub use icon::{Icon, Shape};
pub use modal::Modal;
pub use moments::{MomentLine, Moments};
pub use note::Note;
pub use segmented::{Segment, Segmented};
pub use skeleton::{SkeletonLines, SkeletonRows};
pub use sort_header::{Direction, SortHeader};
pub use state_mark::{StateMark, Tone};
pub use text_area::TextArea;
pub use toasts::{Toaster, Toasts};
