//! Running code with all instructions of the machine it finds itself on.

/// Calls `work`, compiled for AVX2 and BMI2 where the machine has them. What is inlined into `work` takes part; the
/// results are the same everywhere. On 64-bit Arm, NEON is part of the base and nothing is to be chosen.
#[inline(always)]
pub(crate) fn accelerated<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(all(feature = "simd", target_arch = "x86_64"))]
    {
        use fearless_simd::{Level, Simd};
        if let Some(avx2) = Level::new().as_avx2() {
            return avx2.vectorize(work);
        }
    }
    work()
}
