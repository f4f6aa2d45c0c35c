//! `darkroom operate`: what an operator sees and does, by the API's routes under `/ops` (ADR 55).

mod answers;
mod api;
mod cost;
mod failures;
mod gaps;
mod gather;
mod import;
mod moment;
mod quarantine;
mod redrive;
mod repair;
mod rerender;
mod status;
mod sweep;
mod target;
#[cfg(test)]
mod testing;
mod timeline;
mod trace;
mod verdict;

use crate::args::operate::{Operate, OperateCommand};
use crate::client::Client;
use crate::error::Error;

pub fn run(wanted: &Operate, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    match &wanted.command {
        OperateCommand::Trace(wanted) => trace::run(&client, wanted, as_json),
        OperateCommand::Status(wanted) => status::run(&client, wanted, as_json),
        OperateCommand::Failures(wanted) => failures::run(&client, wanted, as_json),
        OperateCommand::Rejected(wanted) => quarantine::rejected(&client, wanted, as_json),
        OperateCommand::Retry(wanted) => quarantine::retry(&client, wanted, as_json),
        OperateCommand::Redrive(wanted) => redrive::run(&client, wanted, as_json),
        OperateCommand::Restart(wanted) => repair::restart(&client, wanted, as_json),
        OperateCommand::Import(wanted) => import::run(&client, wanted, as_json),
        OperateCommand::Sweep(wanted) => sweep::run(&client, wanted, as_json),
        OperateCommand::Rerender(wanted) => rerender::run(&client, wanted, as_json),
    }
}
