//! YuNet: the packaged network (Wu, Peng and Yu, 2023), put together from its weights.

use std::sync::OnceLock;

use super::layers::{Map, Mix, Spread};
use super::onnx::{self, Weights};

/// From OpenCV's model zoo, MIT; it says where faces are and where their eyes, noses and mouths are. The latter part is not
/// even computed.
const MODEL: &[u8] = include_bytes!("../../model/face_detection_yunet_2023mar.onnx");
/// The picture's sides are brought up to a multiple of this.
pub(super) const MULTIPLE: usize = 32;
/// How many pixels lie between the points of each of the three maps that come out.
pub(super) const STRIDES: [usize; 3] = [8, 16, 32];

/// A step of the network: all channels mixed point by point, then each spread over its neighbours.
#[derive(Debug, Clone)]
struct Step {
    mix: Mix,
    spread: Spread,
}

impl Step {
    fn of(&self, map: &Map) -> Map {
        self.spread.of(&self.mix.of(map))
    }
}

/// The network.
#[derive(Debug)]
pub(super) struct Network {
    first: Mix,
    /// Of the trunk, in order; the first belongs with `first`.
    trunk: Vec<Step>,
    /// Brings the three sizes together, smallest last.
    neck: Vec<Step>,
    /// For each size: whether there is a face, whether there is anything, and its four sides.
    heads: Vec<Step>,
}

/// Channels of each of the maps that come out: a face, anything, then x, y, width and height.
pub(super) const HEAD: usize = 6;

impl Network {
    /// The packaged one; nothing where the file in the program is not what it should be, which a test looks at.
    pub(super) fn packaged() -> Option<&'static Self> {
        static NETWORK: OnceLock<Option<Network>> = OnceLock::new();
        NETWORK.get_or_init(|| Self::read(MODEL)).as_ref()
    }

    fn read(model: &[u8]) -> Option<Self> {
        let all = onnx::convolutions(model);
        let (heads, body): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|(name, _)| name.starts_with("bbox_head"));
        let mut body = body.into_iter().map(|(_, weights)| weights);
        // Channels come last here, first there.
        let first = Mix::new(&body.next()?, |input| input % 3 * 9 + input / 3)?;
        let mut steps: Vec<Step> = Vec::new();
        while let (Some(mix), Some(spread)) = (body.next(), body.next()) {
            steps.push(step(&mix, &spread)?);
        }
        let neck = steps.split_off(11);
        let heads = (0..3)
            .map(|level| head(&heads, level))
            .collect::<Option<Vec<_>>>()?;
        (neck.len() == 3).then_some(Self {
            first,
            trunk: steps,
            neck,
            heads,
        })
    }

    /// The three maps for a picture in blue, green and red, 0 to 255, whose sides are multiples of [`MULTIPLE`].
    pub(super) fn of(&self, picture: &Map) -> Option<[Map; 3]> {
        let mut trunk = self.trunk.iter();
        let mut next = |map: &Map| trunk.next().map(|step| step.of(map).rectified());
        let map = self.first.of_patches(picture).rectified();
        let map = next(&map)?.pooled();
        let map = next(&map)?;
        let map = next(&map)?;
        let map = next(&map)?;
        let map = next(&map)?.pooled();
        let map = next(&map)?;
        let by_8 = next(&map)?;
        let map = next(&by_8.pooled())?;
        let by_16 = next(&map)?;
        let map = next(&by_16.pooled())?;
        let by_32 = next(&map)?;

        let [last, middle, early] = self.neck.as_slice() else {
            return None;
        };
        let by_32 = last.of(&by_32).rectified();
        let by_16 = middle.of(&by_16.plus_doubled(&by_32)).rectified();
        let by_8 = early.of(&by_8.plus_doubled(&by_16)).rectified();
        let [first, second, third] = self.heads.as_slice() else {
            return None;
        };
        Some([first.of(&by_8), second.of(&by_16), third.of(&by_32)])
    }
}

fn step(mix: &Weights, spread: &Weights) -> Option<Step> {
    Some(Step {
        mix: Mix::new(mix, |input| input)?,
        spread: Spread::new(spread),
    })
}

/// What one map says of faces: three small heads as one.
fn head(all: &[(String, Weights)], level: usize) -> Option<Step> {
    let find = |part: &str, conv: usize| {
        let name = format!("bbox_head.multi_level_{part}.{level}.conv{conv}.weight");
        all.iter()
            .find(|(n, _)| *n == name)
            .map(|(_, weights)| weights)
    };
    let joined = |conv: usize| {
        let mut joined = Weights::default();
        for part in ["cls", "obj", "bbox"] {
            let weights = find(part, conv)?;
            joined.out += weights.out;
            joined.values.extend_from_slice(&weights.values);
            joined.bias.extend_from_slice(&weights.bias);
        }
        (joined.out == HEAD).then_some(joined)
    };
    step(&joined(1)?, &joined(2)?)
}
