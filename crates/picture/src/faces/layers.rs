//! The few kinds of layer that the model is made of. Plain sums in a fixed order: the same everywhere.

use super::onnx::Weights;

/// How many channels are summed at once.
const LANES: usize = 16;

/// Channels over a grid, the channels of a point beside each other.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Map {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) channels: usize,
    pub(super) data: Vec<f32>,
}

impl Map {
    fn zeros(width: usize, height: usize, channels: usize) -> Self {
        Self {
            width,
            height,
            channels,
            data: vec![0.0; width * height * channels],
        }
    }

    fn row(&self, y: usize) -> &[f32] {
        let length = self.width * self.channels;
        self.data
            .get(y * length..(y + 1) * length)
            .unwrap_or_default()
    }

    pub(super) fn at(&self, x: usize, y: usize) -> &[f32] {
        let from = x * self.channels;
        self.row(y)
            .get(from..from + self.channels)
            .unwrap_or_default()
    }

    /// Nothing below zero.
    pub(super) fn rectified(mut self) -> Self {
        for value in &mut self.data {
            *value = value.max(0.0);
        }
        self
    }

    /// The greatest of every two by two.
    pub(super) fn pooled(&self) -> Self {
        let mut out = Self::zeros(self.width / 2, self.height / 2, self.channels);
        let (length, channels) = (out.width * out.channels, self.channels);
        for (y, row) in out.data.chunks_exact_mut(length.max(1)).enumerate() {
            for source in [self.row(2 * y), self.row(2 * y + 1)] {
                let pairs = source.chunks_exact(2 * channels);
                for (to, pair) in row.chunks_exact_mut(channels).zip(pairs) {
                    for from in pair.chunks_exact(channels) {
                        for (to, from) in to.iter_mut().zip(from) {
                            // What is pooled is never below zero.
                            *to = to.max(*from);
                        }
                    }
                }
            }
        }
        out
    }

    /// This, and a map of half the size added to it, each of its points four times.
    pub(super) fn plus_doubled(mut self, half: &Self) -> Self {
        let length = self.width * self.channels;
        for (y, row) in self.data.chunks_exact_mut(length.max(1)).enumerate() {
            for (x, to) in row.chunks_exact_mut(self.channels).enumerate() {
                for (to, from) in to.iter_mut().zip(half.at(x / 2, y / 2)) {
                    *to += from;
                }
            }
        }
        self
    }
}

/// Sums of all channels at one point, or over some points gathered into one.
#[derive(Debug, Clone)]
pub(super) struct Mix {
    inputs: usize,
    outputs: usize,
    /// For every `LANES` outputs: their biases, then their weights input by input.
    blocks: Vec<([f32; LANES], Vec<[f32; LANES]>)>,
}

impl Mix {
    /// `order` turns the number of an input into its place among the file's weights of one output.
    pub(super) fn new(weights: &Weights, order: impl Fn(usize) -> usize) -> Option<Self> {
        let inputs = weights.values.len().checked_div(weights.out)?;
        let value = |output: usize, input: usize| {
            let within = output < weights.out;
            within
                .then(|| weights.values.get(output * inputs + order(input)).copied())
                .flatten()
        };
        let blocks = (0..weights.out.div_ceil(LANES))
            .map(|block| {
                let first = block * LANES;
                let lanes = |of: &dyn Fn(usize) -> Option<f32>| {
                    std::array::from_fn(|lane| of(first + lane).unwrap_or_default())
                };
                let bias = lanes(&|output| weights.bias.get(output).copied());
                let rows = (0..inputs).map(|input| lanes(&|output| value(output, input)));
                (bias, rows.collect())
            })
            .collect();
        Some(Self {
            inputs,
            outputs: weights.out,
            blocks,
        })
    }

    fn sums(&self, point: &[f32], to: &mut [f32]) {
        for ((bias, rows), to) in self.blocks.iter().zip(to.chunks_mut(LANES)) {
            let mut sums = *bias;
            for (value, row) in point.iter().zip(rows) {
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum += value * weight;
                }
            }
            for (to, sum) in to.iter_mut().zip(sums) {
                *to = sum;
            }
        }
    }

    /// Point by point.
    pub(super) fn of(&self, map: &Map) -> Map {
        let mut out = Map::zeros(map.width, map.height, self.outputs);
        let points = map.data.chunks_exact(self.inputs);
        for (point, to) in points.zip(out.data.chunks_exact_mut(self.outputs)) {
            self.sums(point, to);
        }
        out
    }

    /// Over three by three points, every second of them across and down.
    pub(super) fn of_patches(&self, map: &Map) -> Map {
        let mut out = Map::zeros(map.width / 2, map.height / 2, self.outputs);
        let (width, channels) = (out.width, map.channels);
        let mut patch = vec![0.0; self.inputs];
        for (at, to) in out.data.chunks_exact_mut(self.outputs).enumerate() {
            let (x, y) = (at % width, at / width);
            for (tap, to) in patch.chunks_exact_mut(channels).enumerate() {
                // A point beyond the edge is nothing.
                let across = (2 * x + tap % 3).checked_sub(1);
                let down = (2 * y + tap / 3).checked_sub(1);
                match (across, down) {
                    (Some(x), Some(y)) if x < map.width && y < map.height => {
                        to.copy_from_slice(map.at(x, y))
                    }
                    _ => to.fill(0.0),
                }
            }
            self.sums(&patch, to);
        }
        out
    }
}

/// Sums of three by three points, each channel by itself.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    bias: Vec<f32>,
    /// For each of the nine points, row by row: a weight for each channel.
    taps: [Vec<f32>; 9],
}

impl Spread {
    pub(super) fn new(weights: &Weights) -> Self {
        let (channels, _) = weights.values.as_chunks::<9>();
        Self {
            bias: weights.bias.clone(),
            taps: std::array::from_fn(|tap| {
                channels
                    .iter()
                    .filter_map(|c| c.get(tap).copied())
                    .collect()
            }),
        }
    }

    pub(super) fn of(&self, map: &Map) -> Map {
        let channels = map.channels;
        let mut out = Map::zeros(map.width, map.height, channels);
        for (y, row) in out
            .data
            .chunks_exact_mut((map.width * channels).max(1))
            .enumerate()
        {
            for to in row.chunks_exact_mut(channels) {
                to.copy_from_slice(&self.bias);
            }
            for (tap, weights) in self.taps.iter().enumerate() {
                let Some(from) = (y + tap / 3).checked_sub(1).filter(|y| *y < map.height) else {
                    continue;
                };
                // Which of the row's points have a neighbour on this side, and which these are.
                let (skip_to, skip_from) = match tap % 3 {
                    0 => (channels, 0),
                    1 => (0, 0),
                    _ => (0, channels),
                };
                let from = map.row(from).get(skip_from..).unwrap_or_default();
                let to = row.get_mut(skip_to..).unwrap_or_default();
                for (to, from) in to
                    .chunks_exact_mut(channels)
                    .zip(from.chunks_exact(channels))
                {
                    for ((to, from), weight) in to.iter_mut().zip(from).zip(weights) {
                        *to += from * weight;
                    }
                }
            }
        }
        out
    }
}
