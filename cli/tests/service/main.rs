//! The program against a service that says what a test wants to hear: refusals, pauses, broken connections.

mod account;
mod images;
mod operate;
mod retries;
mod stand_in;
mod upload;
mod webhook;
