//! What a crop keeps.

use serde::{Deserialize, Serialize};

use crate::style::Place;

/// The part of a picture that `cover` keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gravity {
    /// The part at one of nine places.
    At(Place),
    /// The part that a person looks at, as far as edges, colours and skin tell.
    Attention,
}

impl Default for Gravity {
    fn default() -> Self {
        Self::At(Place::Center)
    }
}

impl Serialize for Gravity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(place) => place.serialize(serializer),
            Self::Attention => serializer.serialize_str("attention"),
        }
    }
}

impl<'de> Deserialize<'de> for Gravity {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == "attention" {
            return Ok(Self::Attention);
        }
        Place::deserialize(serde::de::value::StrDeserializer::new(&name)).map(Self::At)
    }
}
