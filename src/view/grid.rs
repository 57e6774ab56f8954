//! Many places in little room: a layer of a graph in as many columns as make the whole about as wide as a window.

/// Width of a window for each of its height.
const ASPECT: f32 = 1.5;
/// Room between places above each other, between columns of a layer, and between layers.
const ROW_GAP: f32 = 24.0;
const COLUMN_GAP: f32 = 24.0;
const LAYER_GAP: f32 = 92.0;

/// Where the middle of each place of each layer stands, and the room that all take. The layers are in their order and so are the places
/// in each; `before` has the place in the layers before that a place is best near, as the layer and the place in it.
pub fn place(layers: &[usize], node: [f32; 2], before: impl Fn(usize, usize) -> Vec<(usize, usize)>) -> Grid {
    let most = layers.iter().copied().max().unwrap_or(0);
    let width = |rows: usize| {
        let columns = layers.iter().map(|count| columns(*count, rows));
        let all: f32 = columns.map(|columns| columns as f32 * (node[0] + COLUMN_GAP) - COLUMN_GAP).sum();
        all + LAYER_GAP * layers.len().saturating_sub(1) as f32
    };
    let height = |rows: usize| rows as f32 * (node[1] + ROW_GAP) - ROW_GAP;
    // As large as possible in a window of that shape.
    let fits = |rows: usize| (ASPECT / width(rows)).min(1.0 / height(rows));
    let rows = (1..=most).max_by(|a, b| fits(*a).total_cmp(&fits(*b)).then(b.cmp(a))).unwrap_or(1);
    let pitch = node[1] + ROW_GAP;
    let all = height(rows) + if layers.iter().any(|count| columns(*count, rows) > 1) { pitch / 2.0 } else { 0.0 };
    let mut grid = Grid { at: Vec::with_capacity(layers.len()), size: [width(rows), all] };
    let mut left = 0.0;
    for (layer, &count) in layers.iter().enumerate() {
        let columns = columns(count, rows);
        let wanted: Vec<f32> = (0..count).map(|place| grid.wanted(&before(layer, place))).collect();
        let ys =
            if columns > 1 { block(&wanted, columns, pitch, node[1], all) } else { line(&wanted, pitch, node[1], all) };
        let x = |place: usize| left + (place % columns) as f32 * (node[0] + COLUMN_GAP) + node[0] / 2.0;
        grid.at.push(ys.into_iter().enumerate().map(|(place, y)| [x(place), y]).collect());
        left += columns as f32 * (node[0] + COLUMN_GAP) - COLUMN_GAP + LAYER_GAP;
    }
    grid
}

/// Places in their layers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    /// The middle of each place of each layer.
    pub at: Vec<Vec<[f32; 2]>>,
    /// The room that they take.
    pub size: [f32; 2],
}

impl Grid {
    /// The height in the middle of these places; that of all for none.
    fn wanted(&self, near: &[(usize, usize)]) -> f32 {
        let at = |&(layer, place): &(usize, usize)| self.at.get(layer)?.get(place).map(|at| at[1]);
        let ys: Vec<f32> = near.iter().filter_map(at).collect();
        if ys.is_empty() { self.size[1] / 2.0 } else { ys.iter().sum::<f32>() / ys.len() as f32 }
    }
}

fn columns(count: usize, rows: usize) -> usize {
    count.div_ceil(rows).max(1)
}

/// One column: each as near to where it is wanted as the others let it.
fn line(wanted: &[f32], pitch: f32, height: f32, all: f32) -> Vec<f32> {
    let mut ys: Vec<f32> = Vec::with_capacity(wanted.len());
    for &want in wanted {
        let least = ys.last().map_or(height / 2.0, |above| above + pitch);
        ys.push(want.max(least));
    }
    let mut most = all - height / 2.0;
    for y in ys.iter_mut().rev() {
        *y = y.min(most);
        most = *y - pitch;
    }
    ys
}

/// Several columns as a wall of bricks, so that ways go between them.
fn block(wanted: &[f32], columns: usize, pitch: f32, height: f32, all: f32) -> Vec<f32> {
    let rows = wanted.len().div_ceil(columns);
    let tall = rows as f32 * pitch - (pitch - height) + pitch / 2.0;
    let middle = wanted.iter().sum::<f32>() / wanted.len() as f32;
    let top = (middle - tall / 2.0).clamp(0.0, (all - tall).max(0.0));
    let y = |place: usize| {
        let brick = if place % columns % 2 == 1 { pitch / 2.0 } else { 0.0 };
        top + (place / columns) as f32 * pitch + brick + height / 2.0
    };
    (0..wanted.len()).map(y).collect()
}
