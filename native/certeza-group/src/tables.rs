//! Precomputation for bases that are used again and again.

use std::sync::{Arc, LazyLock, OnceLock};

use crrl::ed25519::Point as Inner;
use curve25519_dalek::edwards::EdwardsBasepointTable;
use curve25519_dalek::traits::BasepointTable;

use crate::point::Point;
use crate::recode::{window_count, windows};
use crate::scalar::PublicScalar;

/// Window width of the public tables, in bits (chosen by measurement, see the README).
const WIDTH: usize = 11;

/// Entries per window: the multiples `1..=2^(WIDTH - 1)`.
const ENTRIES: usize = 1 << (WIDTH - 1);

/// Windows of a scalar.
const WINDOWS: usize = window_count(WIDTH);

static GENERATOR: LazyLock<Arc<PublicTable>> =
    LazyLock::new(|| Arc::new(PublicTable::new(Point::generator())));

/// Tables of `k` fixed bases (for example the generator and an election's key).
///
/// Public products use a table of 3 MB a base, made in a few milliseconds at the first use (that
/// of the generator once per process); secret powers one of 30 kB. Keep a `Tables` for a batch.
pub struct Tables {
    bases: Vec<Base>,
}

struct Base {
    point: Point,
    public: OnceLock<Arc<PublicTable>>,
    secret: OnceLock<Box<EdwardsBasepointTable>>,
}

impl Tables {
    /// Bases in the order of the fixed scalars of a job.
    pub fn new(points: &[Point]) -> Self {
        let base = |&point| Base { point, public: OnceLock::new(), secret: OnceLock::new() };
        Self { bases: points.iter().map(base).collect() }
    }

    /// Number of fixed bases, `k`.
    pub fn len(&self) -> usize {
        self.bases.len()
    }

    /// Whether there is no fixed base.
    pub fn is_empty(&self) -> bool {
        self.bases.is_empty()
    }

    /// Tables for public scalars, one per base.
    pub(crate) fn public(&self) -> Vec<&PublicTable> {
        self.bases.iter().map(Base::public).collect()
    }

    /// Tables for secret scalars, one per base.
    pub(crate) fn secret(&self) -> Vec<&EdwardsBasepointTable> {
        self.bases.iter().map(Base::secret).collect()
    }
}

impl Base {
    fn public(&self) -> &PublicTable {
        self.public.get_or_init(|| match self.point == Point::generator() {
            true => Arc::clone(&GENERATOR),
            false => Arc::new(PublicTable::new(self.point)),
        })
    }

    fn secret(&self) -> &EdwardsBasepointTable {
        self.secret.get_or_init(|| Box::new(EdwardsBasepointTable::create(&self.point.to_dalek())))
    }
}

/// `entries[ENTRIES * i + j - 1] = j * 2^(WIDTH * i) * base`: a power without doublings.
pub(crate) struct PublicTable {
    entries: Vec<Inner>,
}

impl PublicTable {
    fn new(base: Point) -> Self {
        let mut entries = Vec::with_capacity(window_count(WIDTH) * ENTRIES);
        let mut unit = base.0;
        for _ in 0..window_count(WIDTH) {
            let multiples = std::iter::successors(Some(unit), |last| Some(last + unit));
            entries.extend(multiples.take(ENTRIES));
            unit.set_xdouble(WIDTH as u32);
        }
        Self { entries }
    }

    /// Adds `scalar * base` to `sum`. Variable time.
    pub(crate) fn add_power(&self, sum: &mut Option<Inner>, scalar: &PublicScalar) {
        if scalar == &PublicScalar::ZERO {
            return;
        }
        for entry in self.chosen(scalar) {
            accumulate(sum, &entry, false);
        }
    }

    /// The entries whose sum is `scalar * base`. The table lies in a distant cache: reading them
    /// all before the first addition lets the processor wait for them at the same time.
    fn chosen(&self, scalar: &PublicScalar) -> [Inner; WINDOWS] {
        let mut digits = [0; WINDOWS];
        digits.iter_mut().zip(windows(scalar, WIDTH)).for_each(|(d, w)| *d = w);
        let mut rows = self.entries.chunks_exact(ENTRIES);
        let mut chosen = digits.map(|digit| match (rows.next(), digit.unsigned_abs() as usize) {
            (None, _) | (_, 0) => Inner::NEUTRAL,
            (Some(row), size) => row[size - 1],
        });
        for (entry, digit) in chosen.iter_mut().zip(digits) {
            entry.set_condneg((digit >> 31) as u32);
        }
        chosen
    }
}

/// `sum += point`, or `-= point` if `negative`; `None` is the identity, and costs nothing.
pub(crate) fn accumulate(sum: &mut Option<Inner>, point: &Inner, negative: bool) {
    match sum {
        Some(sum) if negative => *sum -= point,
        Some(sum) => *sum += point,
        None if negative => *sum = Some(-point),
        None => *sum = Some(*point),
    }
}
