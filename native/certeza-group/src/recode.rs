//! Signed digits of public scalars. Variable time: never for secrets.

use curve25519_dalek::scalar::Scalar;

use crate::scalar::PublicScalar;

/// Positions of a non-adjacent form: scalars are below `2^253`, and a carry may add one.
pub(crate) const POSITIONS: usize = 254;

/// A width-5 non-adjacent form: `sum digit[i] * 2^i`, digits zero or odd in `-15..=15`.
///
/// At most one digit in any 5 consecutive ones is not zero.
pub(crate) type Naf = [i8; POSITIONS];

/// The digits of a scalar.
pub(crate) fn naf5(scalar: &PublicScalar) -> Naf {
    naf_of(&limbs(scalar))
}

/// The digits of the group order, which is no scalar.
pub(crate) fn naf5_of_order() -> Naf {
    let mut limbs = limbs(&PublicScalar(-Scalar::ONE));
    limbs[0] += 1; // the order is odd: no carry
    naf_of(&limbs)
}

fn naf_of(limbs: &[u64; 5]) -> Naf {
    let mut digits = [0; POSITIONS];
    let (mut position, mut carry) = (0, 0);
    while position < POSITIONS {
        let window = bits(limbs, position, 5) + carry;
        if window & 1 == 0 {
            position += 1;
            continue;
        }
        carry = window >> 4 & 1;
        digits[position] = window as i8 - ((carry as i8) << 5);
        position += 5;
    }
    digits
}

/// Fixed windows of `width` bits: `sum digit[i] * 2^(width * i)`, digits in `-2^(w-1)..2^(w-1)`
/// except the last, which may be `2^(w-1)`.
pub(crate) fn windows(scalar: &PublicScalar, width: usize) -> impl Iterator<Item = i32> {
    let limbs = limbs(scalar);
    let (count, half) = (window_count(width), 1 << (width - 1));
    let mut carry = 0;
    (0..count).map(move |i| {
        let window = (bits(&limbs, width * i, width) + carry) as i32;
        carry = u64::from(window >= half && i + 1 < count);
        window - ((carry as i32) << width)
    })
}

/// Number of windows of `width` bits in a scalar.
pub(crate) const fn window_count(width: usize) -> usize {
    253_usize.div_ceil(width)
}

fn limbs(scalar: &PublicScalar) -> [u64; 5] {
    let (words, _) = scalar.0.as_bytes().as_chunks::<8>();
    let mut limbs = [0; 5];
    for (limb, word) in limbs.iter_mut().zip(words) {
        *limb = u64::from_le_bytes(*word);
    }
    limbs
}

/// `count` (at most 32) bits from `position` on; zero beyond the end.
fn bits(limbs: &[u64; 5], position: usize, count: usize) -> u64 {
    let (limb, shift) = (position / 64, position % 64);
    let both = u128::from(limbs[limb]) | u128::from(limbs[limb + 1]) << 64;
    (both >> shift) as u64 & ((1 << count) - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn small(digit: i32) -> Scalar {
        let size = Scalar::from(digit.unsigned_abs());
        if digit < 0 { -size } else { size }
    }

    /// `sum digits[i] * 2^(width * i)`.
    fn value(digits: &[i32], width: u32) -> Scalar {
        let base = Scalar::from(1u64 << width);
        digits.iter().rev().fold(Scalar::ZERO, |sum, digit| sum * base + small(*digit))
    }

    fn check(scalar: Scalar) {
        let naf: Vec<i32> = naf5(&PublicScalar(scalar)).iter().map(|d| i32::from(*d)).collect();
        assert_eq!(value(&naf, 1), scalar);
        assert!(naf.iter().all(|d| *d == 0 || (d % 2 != 0 && d.abs() < 16)));
        assert!(naf.windows(5).all(|w| w.iter().filter(|d| **d != 0).count() <= 1));
        for width in [4, 8, 11, 12] {
            let digits: Vec<i32> = windows(&PublicScalar(scalar), width as usize).collect();
            assert_eq!(value(&digits, width), scalar);
            assert!(digits.iter().all(|d| d.abs() <= 1 << (width - 1)));
        }
    }

    #[test]
    fn edges() {
        let powers = (0..253).scan(Scalar::ONE, |s, _| Some(std::mem::replace(s, *s + *s)));
        for power in powers {
            check(power);
            check(-power);
            check(power - Scalar::ONE);
        }
        check(Scalar::ZERO);
    }

    #[test]
    fn the_digits_of_the_order_are_its_own_and_not_those_of_another_multiple() {
        let order: Vec<i32> = naf5_of_order().iter().map(|d| i32::from(*d)).collect();
        assert_eq!(value(&order, 1), Scalar::ZERO);
        let top = order.iter().enumerate().rfind(|(_, digit)| **digit != 0);
        assert_eq!(top, Some((252, &1)));
    }

    proptest! {
        #[test]
        fn digits_are_small_and_add_up(bytes in any::<[u8; 32]>()) {
            check(Scalar::from_bytes_mod_order(bytes));
        }
    }
}
