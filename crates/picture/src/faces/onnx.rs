//! The packaged model's file (ONNX, which is protobuf): of it only the weights of its convolutions are read, in the order in
//! which they follow one another.

use std::collections::BTreeMap;

/// The weights of one convolution.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Weights {
    /// Channels that come out.
    pub(super) out: usize,
    /// In the file's order: out, in, rows, columns.
    pub(super) values: Vec<f32>,
    /// One for each channel that comes out.
    pub(super) bias: Vec<f32>,
}

/// A field of a message: its number, and what it holds where that is bytes.
struct Field<'a> {
    number: u64,
    bytes: &'a [u8],
}

struct Message<'a> {
    left: &'a [u8],
}

impl<'a> Iterator for Message<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let key = self.varint()?;
        let length = match key & 7 {
            0 => {
                self.varint()?;
                0
            }
            1 => 8,
            2 => usize::try_from(self.varint()?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (bytes, left) = self.left.split_at_checked(length)?;
        self.left = left;
        Some(Field {
            number: key >> 3,
            bytes,
        })
    }
}

impl Message<'_> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (byte, left) = self.left.split_first()?;
            self.left = left;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

fn message(bytes: &[u8]) -> Message<'_> {
    Message { left: bytes }
}

fn text(bytes: &[u8], number: u64) -> impl Iterator<Item = &[u8]> {
    message(bytes)
        .filter(move |f| f.number == number)
        .map(|f| f.bytes)
}

/// The convolutions' weights, by the name of their first tensor, in their order.
pub(super) fn convolutions(model: &[u8]) -> Vec<(String, Weights)> {
    // ModelProto.graph; GraphProto.node and .initializer; NodeProto.input and .op_type; TensorProto.name and .raw_data.
    let Some(graph) = text(model, 7).next() else {
        return Vec::new();
    };
    let tensors: BTreeMap<&[u8], Vec<f32>> = text(graph, 5)
        .filter_map(|tensor| Some((text(tensor, 8).next()?, floats(text(tensor, 9).next()?))))
        .collect();
    text(graph, 1)
        .filter(|node| text(node, 4).next() == Some(b"Conv"))
        .filter_map(|node| {
            let mut inputs = text(node, 1).skip(1);
            let (name, bias) = (inputs.next()?, inputs.next()?);
            let bias = tensors.get(bias)?.clone();
            let weights = Weights {
                out: bias.len(),
                values: tensors.get(name)?.clone(),
                bias,
            };
            Some((String::from_utf8_lossy(name).into_owned(), weights))
        })
        .collect()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.iter().map(|n| f32::from_le_bytes(*n)).collect()
}
