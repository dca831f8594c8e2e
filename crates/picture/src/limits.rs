//! How much a picture may ask of the machine.

use crate::fault::Fault;

/// How much a picture may ask of the machine; looked at before anything is unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Pixels of the longer side.
    pub side: u32,
    /// Pixels in all.
    pub pixels: u64,
    /// Bytes that the unpacked picture may take.
    pub memory: u64,
    /// Passes of a progressive JPEG; each of them makes the decoder walk the whole picture.
    pub passes: usize,
}

impl Default for Limits {
    /// Enough for a telephone's 50 megapixels; little enough for a small server.
    fn default() -> Self {
        Self {
            bytes: 30_000_000,
            side: 12_000,
            pixels: 52_000_000,
            memory: 260_000_000,
            passes: 40,
        }
    }
}

impl Limits {
    pub(crate) fn file(&self, bytes: usize) -> Result<(), Fault> {
        if bytes > self.bytes {
            return Err(Fault::FileTooBig {
                bytes,
                most: self.bytes,
            });
        }
        Ok(())
    }

    /// `depth` is how many bytes one unpacked pixel takes.
    pub(crate) fn size(&self, width: u32, height: u32, depth: u64) -> Result<(), Fault> {
        let pixels = u64::from(width) * u64::from(height);
        let too_long = width.max(height) > self.side;
        if too_long || pixels > self.pixels || pixels.saturating_mul(depth) > self.memory {
            return Err(Fault::TooManyPixels { width, height });
        }
        if pixels == 0 {
            return Err(Fault::Damaged("it has no size"));
        }
        Ok(())
    }
}
