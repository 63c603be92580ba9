use crate::{
    Matrix, QuantError, Returns,
    estimate::linear::{centred, gram, scaled},
};

/// The Gerber covariance per period (Gerber, Markowitz, Ernst, Miao & Sargen 2022), in the positive semidefinite variant:
/// the correlation is `(UU + DD - UD - DU) / (T - NN)`, where a period counts as up or down when the asset moved by at
/// least `threshold` standard deviations (ddof = 0, as skfolio), and NN are the periods in which neither of the two did.
///
/// # Errors
/// `OutOfRange` for a threshold outside 0 to 1.
pub fn gerber(returns: &Returns, threshold: f64) -> Result<Matrix, QuantError> {
    if !(0.0..=1.0).contains(&threshold) {
        return Err(QuantError::OutOfRange { name: "threshold", range: "from 0 to 1", value: threshold });
    }
    let (_, centred) = centred(returns)?;
    let mut covariance = scaled(&gram(&centred), 1.0 / returns.periods() as f64);
    let n = covariance.rows();
    let deviations: Vec<f64> = (0..n).map(|i| covariance[(i, i)].sqrt()).collect();
    let signs: Vec<Vec<i8>> = deviations
        .iter()
        .enumerate()
        .map(|(asset, deviation)| {
            let moved = |value: f64| value.abs() >= threshold * deviation && value != 0.0;
            let sign = |value: f64| if moved(value) { value.signum() as i8 } else { 0 };
            returns.simple().column(asset).into_iter().map(sign).collect()
        })
        .collect();
    for i in 0..n {
        for j in 0..i {
            let (mut together, mut counted) = (0i32, 0i32);
            for (&left, &right) in signs[i].iter().zip(&signs[j]) {
                together += i32::from(left * right);
                counted += i32::from(left != 0 || right != 0);
            }
            let correlation = if counted > 0 { f64::from(together) / f64::from(counted) } else { 0.0 };
            covariance[(i, j)] = correlation * deviations[i] * deviations[j];
            covariance[(j, i)] = covariance[(i, j)];
        }
    }
    Ok(covariance)
}
