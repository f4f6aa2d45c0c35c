//! The input of an execution and of each worker, read as the workers read it: refused under its name in few words, or an
//! order that is the same when it is written and read again, and whose objects lie under its own image.

#![no_main]

use darkroom_domain::key;
use darkroom_domain::order::{Developed, Validated, WorkOrder};
use darkroom_runtime::worker;
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(input) = serde_json::from_slice::<Value>(data) else { return };
    let Some(order) = read::<WorkOrder>(&input) else { return };
    if order.check().is_ok() {
        assert_eq!(key::read_original(&order.source.key), Some((order.owner_id.clone(), order.image_id)));
    }
    let name = order.execution_name();
    assert!(name.len() <= 80 && name.is_ascii() && name.starts_with(&order.image_id.to_string()), "{name}");
    let build = key::build(&order.source.version_id, "recipe");
    let [variants, works] = key::made_of(order.image_id);
    assert!(key::work(order.image_id, &build, 2).starts_with(&works));
    assert!(key::variant(order.image_id, &build, "small", "jpg").starts_with(&variants));

    // The input of a later state is an order of every state before it: *Take it back* hands it to `resize` again.
    let validated = read::<Validated>(&input);
    if let Some(validated) = &validated {
        assert_eq!(validated.order, order);
    }
    if let Some(developed) = read::<Developed>(&input) {
        assert_eq!(Some(&developed.validated), validated.as_ref());
        let facts = developed.facts.clone();
        let again = developed.validated.clone().developed(developed.work_key.clone(), facts);
        assert!(again.validated.rounds > 0 && again.validated.rounds >= developed.validated.rounds);
    }
});

fn read<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(input: &Value) -> Option<T> {
    match worker::order::<T>(input.clone()) {
        Ok(order) => {
            let written = serde_json::to_value(&order).expect("an order is JSON");
            assert_eq!(worker::order::<T>(written).ok().as_ref(), Some(&order));
            Some(order)
        }
        Err(error) => {
            let said = worker::diagnostic(error);
            assert!(said.error_type == "Worker.BadInput" && said.error_message.chars().count() <= 1000);
            None
        }
    }
}
