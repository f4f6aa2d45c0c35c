//! Object keys: made and read only here.

use crate::id::{ImageId, OwnerId};
use sha2::{Digest, Sha256};

/// Where tickets put photos.
pub const UPLOADS: &str = "uploads/";
/// Where an operator copies photos to.
pub const IMPORTS: &str = "imports/";
/// Where variants are, in the images bucket.
pub const VARIANTS: &str = "variants/";

/// The key a ticket writes to. The server chooses it; the client's file name is never part of it (R31).
pub fn upload(owner: &OwnerId, image: ImageId) -> String {
    format!("{UPLOADS}{owner}/{image}")
}

/// The prefix of all uploads of an owner.
pub fn uploads_of(owner: &OwnerId) -> String {
    format!("{UPLOADS}{owner}/")
}

/// The owner and image of an object in the originals bucket, by its key alone; `None` for keys that are not Darkroom's.
pub fn read_original(key: &str) -> Option<(OwnerId, ImageId)> {
    if let Some(name) = key.strip_prefix(IMPORTS) {
        // A key that ends in a slash is a folder that some tools create, not a photo.
        let is_photo = !name.is_empty() && !name.ends_with('/');
        return is_photo.then(|| (OwnerId::operator(), ImageId::of_import(key)));
    }
    let (owner, image) = key.strip_prefix(UPLOADS)?.split_once('/')?;
    let owner = OwnerId::parse(owner).ok()?;
    let image = ImageId::parse(image).ok()?;
    // No user uploads as the operator, whose images come by import only.
    (owner != OwnerId::operator()).then_some((owner, image))
}

/// The build: one version of an original, developed by one recipe. It is part of every key in the images bucket, so
/// that a variant never changes under its key and may be cached for ever.
pub fn build(version_id: &str, recipe_hash: &str) -> String {
    hex16(&format!("{version_id}\n{recipe_hash}"))
}

/// The work file, which `resize` writes for `watermark` and which expires after a day. The key names all that the two
/// must agree on: the version and the recipe by the build, and the format of the file.
pub fn work(image: ImageId, build: &str, handover: u8) -> String {
    format!("{}{handover}", work_of(image, build))
}

/// The prefix of a build's work files, of whatever handover.
pub fn work_of(image: ImageId, build: &str) -> String {
    format!("work/{image}/{build}.")
}

/// The key of a finished variant.
pub fn variant(image: ImageId, build: &str, variant: &str, extension: &str) -> String {
    format!("{}{variant}.{extension}", build_of(image, build))
}

/// The prefix of all variants of one build of an image.
pub fn build_of(image: ImageId, build: &str) -> String {
    format!("{}{build}/", variants_of(image))
}

/// The build that a variant's key names; `None` for a key that is not a variant's.
pub fn read_build(variant: &str) -> Option<&str> {
    let (_, rest) = variant.strip_prefix(VARIANTS)?.split_once('/')?;
    rest.split_once('/').map(|(build, _)| build)
}

/// The prefix of all pages of a re-render, in the images bucket: the photos that it visits.
pub fn rerender_pages(name: &str) -> String {
    format!("rerenders/{name}/pages/")
}

/// One page of a re-render. The numbers sort as text.
pub fn rerender_page(name: &str, number: u32) -> String {
    format!("{}{number:08}.jsonl", rerender_pages(name))
}

/// The prefix of all variants of an image.
pub fn variants_of(image: ImageId) -> String {
    format!("{VARIANTS}{image}/")
}

/// The image of such a prefix; `None` for any other folder.
pub fn read_variants_of(prefix: &str) -> Option<ImageId> {
    ImageId::parse(prefix.strip_prefix(VARIANTS)?.strip_suffix('/')?).ok()
}

/// The prefixes of all work files and variants of an image.
pub fn made_of(image: ImageId) -> [String; 2] {
    [variants_of(image), format!("work/{image}/")]
}

/// The execution that develops this version of this image: deterministic, ASCII, well below 80 characters (R09).
pub fn execution_name(image: ImageId, version_id: &str) -> String {
    format!("{image}-{}", hex16(version_id))
}

fn hex16(text: &str) -> String {
    crate::hex(&Sha256::digest(text)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_key_is_read_back() {
        let (owner, image) = (OwnerId::parse("sub-1").unwrap(), ImageId::new());
        assert_eq!(read_original(&upload(&owner, image)), Some((owner, image)));
    }

    #[test]
    fn r58_an_owners_uploads_are_found_and_no_other_owners() {
        let (ada, adam) = (OwnerId::parse("ada").unwrap(), OwnerId::parse("adam").unwrap());
        assert!(upload(&ada, ImageId::new()).starts_with(&uploads_of(&ada)));
        assert!(!upload(&adam, ImageId::new()).starts_with(&uploads_of(&ada)));
    }

    #[test]
    fn r40_whatever_is_made_of_an_image_is_found_again() {
        let (image, [variants, works]) = (ImageId::new(), made_of(ImageId::new()));
        assert!(
            !variant(image, "b", "small", "jpg").starts_with(&variants) && !work(image, "b", 2).starts_with(&works)
        );
        let [variants, works] = made_of(image);
        assert!(variant(image, "b", "small", "jpg").starts_with(&variants));
        assert!(work(image, "b", 2).starts_with(&works));
    }

    #[test]
    fn the_folder_of_variants_names_its_image_and_no_other_folder_does() {
        let image = ImageId::new();
        assert_eq!(read_variants_of(&variants_of(image)), Some(image));
        for other in ["variants/", "variants/x/", &format!("variants/{image}"), &format!("work/{image}/")] {
            assert_eq!(read_variants_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_variant_names_its_build() {
        let image = ImageId::new();
        assert_eq!(read_build(&variant(image, "b1", "small", "jpg")), Some("b1"));
        assert!(variant(image, "b1", "small", "jpg").starts_with(&build_of(image, "b1")));
        for other in ["", "variants/", "work/x/y/z", &variants_of(image)] {
            assert_eq!(read_build(other), None, "{other}");
        }
    }

    #[test]
    fn the_pages_of_a_re_render_stand_in_their_order() {
        assert!(rerender_page("n", 9) < rerender_page("n", 10));
        assert!(rerender_page("n", 1).starts_with(&rerender_pages("n")));
    }

    #[test]
    fn an_import_may_be_called_anything() {
        for key in ["imports/a b+c.jpg", "imports/é/ü.png", &format!("imports/{}", "x".repeat(1016))] {
            assert_eq!(read_original(key), Some((OwnerId::operator(), ImageId::of_import(key))), "{key}");
        }
    }

    #[test]
    fn everything_else_is_foreign() {
        let id = ImageId::new();
        for key in [
            "photo.jpg".into(),
            "uploads/x".into(),
            "uploads/sub/not-an-id".into(),
            "imports/".into(),
            "imports/folder/".into(),
            format!("uploads/operator/{id}"),
            format!("uploads/sub/{id}/more"),
            format!("Uploads/sub/{id}"),
        ] {
            assert_eq!(read_original(&key), None, "{key}");
        }
    }

    #[test]
    fn r09_execution_names_are_short_ascii_and_start_with_the_image() {
        let image = ImageId::new();
        let name = execution_name(image, "versión/with+odd chars");
        assert!(name.starts_with(&image.to_string()) && name.is_ascii() && name.len() <= 80, "{name}");
        assert_ne!(name, execution_name(image, "another"));
    }

    #[test]
    fn another_version_or_recipe_is_another_build() {
        assert_eq!(build("v", "r"), build("v", "r"));
        assert_ne!(build("v", "r"), build("v", "s"));
        assert_ne!(build("v", "r"), build("w", "r"));
    }

    #[test]
    fn r57_another_handover_is_another_work_file() {
        let image = ImageId::new();
        assert_ne!(work(image, "b", 2), work(image, "b", 3));
    }
}
