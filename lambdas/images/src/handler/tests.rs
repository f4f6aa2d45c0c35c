//! Each route: when all is well, when the request is wrong, when nobody is signed in, when it is somebody else's, and
//! when there is nothing.

mod change;
mod delete;
mod events;
mod fixtures;
mod image;
mod list;
mod similar;
