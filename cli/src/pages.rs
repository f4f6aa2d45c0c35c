//! Lists of the service, read page by page.

use crate::client::Client;
use crate::error::Error;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The most items that the service gives in one page.
const PAGE: usize = 100;

/// A page of any list.
#[derive(serde::Deserialize)]
struct Page {
    items: Vec<Value>,
    next_cursor: Option<String>,
}

/// The items of a list, page by page, until there are enough or no more.
pub fn all(client: &Client, path: &str, filters: &[(&str, &str)], most: usize) -> Result<Vec<Value>, Error> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let wanted = (most - items.len()).min(PAGE).to_string();
        let mut query = vec![("limit", wanted.as_str())];
        query.extend(filters);
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let page: Page = client.get(&format!("{path}?{}", query.join("&")))?.json()?;
        items.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() || items.len() >= most {
            items.truncate(most);
            return Ok(items);
        }
    }
}

/// An item as what it should be.
pub fn read<T: DeserializeOwned>(item: Value) -> Result<T, Error> {
    serde_json::from_value(item).map_err(|why| Error::Unreachable(format!("unexpected answer: {why}")))
}
