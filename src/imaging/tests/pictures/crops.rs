//! What a variant that is cropped shows.

use crate::common::{difference, fixture, limits, picture, pixel, recipe};
use darkroom_imaging::{FocalPoint, develop_around};

#[test]
fn r25_cover_fills_its_box_from_where_gravity_says() {
    let cover = |gravity: &str, size: &str| {
        picture(
            "orientation-6.jpg",
            &recipe(&format!(r#"{{"name":"v","box":{size},"fit":"cover","gravity":"{gravity}"}}"#)),
        )
    };
    // The fixture is 240 × 160 upright, with a white F in its top left corner.
    let (left, right) = (cover("top-left", "[80,80]"), cover("right", "[80,80]"));
    assert_eq!((left.width(), left.height(), right.width(), right.height()), (80, 80, 80, 80));
    assert!(pixel(&left, 9, 20)[2] > 230, "the stem of the F: {:?}", pixel(&left, 9, 20));
    assert!(difference(&left, &right) > 10.0);
    // Too large a box: its shape, at the picture's own size.
    let square = cover("center", "[2000,2000]");
    assert_eq!((square.width(), square.height()), (160, 160));
    let wide = cover("center", "[1000,100]");
    assert_eq!((wide.width(), wide.height()), (240, 24));
}

#[test]
fn a_crop_is_made_around_the_focal_point_and_stays_inside_the_picture() {
    let recipe = recipe(r#"{"name":"v","box":[80,80],"fit":"cover","gravity":"left"}"#);
    let around = |x: f64| {
        let focus = Some(FocalPoint { x, y: 0.5 });
        let bytes = fixture("orientation-6.jpg");
        develop_around(&bytes, &recipe, &limits(), focus).unwrap().pictures.remove(0)
    };
    let by_gravity = |gravity: &str| {
        let json = format!(r#"{{"name":"v","box":[80,80],"fit":"cover","gravity":"{gravity}"}}"#);
        picture("orientation-6.jpg", &crate::common::recipe(&json))
    };
    // Of 240 pixels the crop shows 160: its middle is between a third and two thirds of the width.
    for (x, gravity) in [(0.0, "left"), (0.2, "left"), (0.5, "center"), (0.8, "right"), (1.0, "right")] {
        assert!(around(x).to_rgba() == by_gravity(gravity).to_rgba(), "{x} is {gravity}");
    }
    assert!(
        difference(&around(0.4), &by_gravity("left")) > 1.0 && difference(&around(0.4), &by_gravity("center")) > 1.0
    );
}

#[test]
fn attention_keeps_what_draws_the_eye_and_a_focal_point_goes_before_it() {
    let crop = |gravity: &str, format: &str| {
        recipe(&format!(r#"{{"name":"v","box":[80,80],"fit":"cover","gravity":"{gravity}","format":"{format}"}}"#))
    };
    // The white F in the top left corner; pixels as planes, and as RGB.
    for format in ["jpeg", "png"] {
        let found = picture("orientation-6.jpg", &crop("attention", format));
        let [left, center, right] = ["left", "center", "right"]
            .map(|place| difference(&found, &picture("orientation-6.jpg", &crop(place, format))));
        assert!(left < center && left < right, "{format}: {left} {center} {right}");
        let bytes = fixture("orientation-6.jpg");
        let around = |gravity, x| {
            let focus = Some(FocalPoint { x, y: 0.5 });
            develop_around(&bytes, &crop(gravity, format), &limits(), focus).unwrap().pictures.remove(0)
        };
        assert!(around("attention", 0.9) == around("center", 0.9), "{format}: the owner decides");
    }
    // Pictures that stand out nowhere, or hardly are pictures.
    for name in ["tiny.png", "gray-16.png", "transparent.png", "bilevel.png"] {
        let made = picture(name, &crop("attention", "png"));
        assert_eq!(made.width(), made.height(), "{name}");
    }
}
