//! The plan of each variant, made before a pixel is decoded: the part of the original that it shows, and its size.

use crate::gravity::Gravity;
use crate::recipe::{Fit, Variant};
use crate::resize;
use crate::style::Place;

/// The place of a picture that crops keep, as shares of its width and height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FocalPoint {
    /// From the left edge, 0 to 1.
    pub x: f64,
    /// From the upper edge, 0 to 1.
    pub y: f64,
}

/// The part of the upright original that one variant shows.
pub(crate) struct Plan {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The share of the original's size at which the variant has one pixel for each of its own.
    pub(crate) scale: f64,
    /// Left, top, width and height of what is shown, as shares of the original.
    pub(crate) part: [f64; 4],
    /// Is that everything?
    pub(crate) whole: bool,
    /// Does the picture itself tell which part to show?
    pub(crate) by_attention: bool,
}

impl Plan {
    pub(crate) fn of(variant: &Variant, (full_width, full_height): (u32, u32), focus: Option<FocalPoint>) -> Self {
        let (box_width, box_height, fit) = variant.frame();
        let (w, h) = (f64::from(full_width), f64::from(full_height));
        if fit == Fit::Inside {
            let (width, height) = resize::inside(full_width, full_height, box_width, box_height);
            let scale = (f64::from(width) / w).max(f64::from(height) / h);
            return Self { width, height, scale, part: [0.0, 0.0, 1.0, 1.0], whole: true, by_attention: false };
        }
        // The largest part of the box's shape, then no larger than the box and no larger than it is.
        let shape = f64::from(box_width) / f64::from(box_height);
        let (part_width, part_height) = if w / h > shape { (h * shape, h) } else { (w, w / shape) };
        let scale = (f64::from(box_width) / part_width).min(1.0);
        let by_attention = focus.is_none() && variant.gravity == Gravity::Attention;
        // Until the picture is seen, its middle stands for what draws the eye.
        let place = if let Gravity::At(place) = variant.gravity { place } else { Place::Center };
        let (right, down) = place.shares();
        let (left, top) = match focus {
            Some(FocalPoint { x, y }) => (around(x, w, part_width), around(y, h, part_height)),
            None => ((w - part_width) * right, (h - part_height) * down),
        };
        let part = [left / w, top / h, part_width / w, part_height / h];
        Self {
            width: resize::scaled(full_width, part_width * scale / w),
            height: resize::scaled(full_height, part_height * scale / h),
            scale,
            part,
            whole: false,
            by_attention,
        }
    }

    /// The same plan around this point.
    pub(crate) fn moved_to(&self, FocalPoint { x, y }: FocalPoint) -> Self {
        let [_, _, width, height] = self.part;
        Self { part: [around(x, 1.0, width), around(y, 1.0, height), width, height], ..*self }
    }
}

/// Where a part begins that has this point in its middle, or as near to it as the picture's edges allow.
fn around(share: f64, full: f64, part: f64) -> f64 {
    (full * share - part / 2.0).min(full - part).max(0.0)
}
