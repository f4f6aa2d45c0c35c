//! Converts the OpenAPI file to JSON, so that the function carries it and there is no second file to keep in step.

use std::path::Path;
use std::{env, error::Error, fs};

const FILE: &str = "../../api/openapi.yaml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={FILE}");
    let document: serde_json::Value = serde_yaml_ng::from_str(&fs::read_to_string(FILE)?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("openapi.json"), document.to_string())?;
    Ok(())
}
