//! Each route: when all is well, when the request is wrong, without a sign-in, on another owner's photo, and on none.

mod change;
mod delete;
mod events;
mod fixtures;
mod image;
mod list;
mod months;
mod similar;
mod users;
