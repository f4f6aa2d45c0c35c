//! What the state machine hands to the function, and gets back: the rest of a batch.

use darkroom_domain::id::ImageId;
use darkroom_domain::import::Listed;
use darkroom_domain::{Error, ErrorCode};
use serde::{Deserialize, Serialize};

/// The input of the function. AWS hands on batches; the local engine knows none and hands on each object by itself.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Task {
    Batch {
        #[serde(rename = "Items")]
        items: Vec<Item>,
    },
    Rest(Work),
    One(Item),
}

/// One object of a list.
#[derive(Debug, Deserialize)]
pub struct Item {
    import: String,
    run: u64,
    object: Listed,
}

/// The rest of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    pub import: String,
    pub run: u64,
    /// Not looked at yet.
    pub objects: Vec<Listed>,
    /// Brought, and not ended yet.
    pub waiting: Vec<Waiting>,
    /// Nothing is left.
    pub is_done: bool,
}

/// A photo that is on its way through the pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub image_id: ImageId,
    pub key: String,
    pub size_bytes: u64,
    /// Seconds since 1970.
    pub since: i64,
}

impl Task {
    /// What is left to do. All objects of a batch are of one run.
    pub fn work(self) -> Result<Work, Error> {
        let items = match self {
            Self::Rest(work) => return Ok(work),
            Self::One(item) => vec![item],
            Self::Batch { items } => items,
        };
        let empty = || Error::new(ErrorCode::WorkerBadInput, "a batch without objects");
        let Item { import, run, .. } = items.first().ok_or_else(empty)?;
        let (import, run) = (import.clone(), *run);
        let objects = items.into_iter().map(|item| item.object).collect();
        Ok(Work { import, run, objects, waiting: Vec::new(), is_done: false })
    }
}

impl Work {
    /// The same when nothing more is wanted.
    pub fn ended(self) -> Self {
        Self { objects: Vec::new(), waiting: Vec::new(), is_done: true, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn item(key: &str) -> Value {
        let object = json!({ "Key": key, "Size": 7, "Etag": "\"e\"", "LastModified": 5, "StorageClass": "STANDARD" });
        json!({ "import": "x", "run": 2, "object": object })
    }

    fn read(task: Value) -> Result<Work, Error> {
        serde_json::from_value::<Task>(task).unwrap().work()
    }

    fn keys(work: &Work) -> Vec<&str> {
        work.objects.iter().map(|object| object.key.as_str()).collect()
    }

    #[test]
    fn a_batch_of_aws_and_an_object_of_the_engine_are_read() {
        let batch = read(json!({ "Items": [item("a"), item("b")] })).unwrap();
        assert_eq!((keys(&batch), batch.import.as_str(), batch.run), (vec!["a", "b"], "x", 2));
        assert_eq!(keys(&read(item("a")).unwrap()), ["a"]);
        assert!(read(json!({ "Items": [] })).is_err());
    }

    #[test]
    fn r17_the_rest_is_read_back_as_it_was_written() {
        let mut work = read(item("a")).unwrap();
        let image_id = ImageId::from_number(1);
        work.waiting.push(Waiting { image_id, key: "b".into(), size_bytes: 7, since: 9 });
        assert_eq!(read(json!(work)).unwrap(), work);
        let ended = work.ended();
        assert!(ended.is_done && ended.objects.is_empty() && ended.waiting.is_empty());
    }
}
