//! Compresses what the documentation pages load, so that the function stays small.

use std::{env, fs, io, path::Path};

/// Above 6, the files get 2 % smaller and the build takes twice as long.
const LEVEL: u8 = 6;

fn main() -> io::Result<()> {
    let target = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    for folder in ["assets/swagger-ui", "assets/redoc", "assets/pages"] {
        println!("cargo::rerun-if-changed={folder}");
        for file in fs::read_dir(folder)? {
            let file = file?;
            let compressed = miniz_oxide::deflate::compress_to_vec(&fs::read(file.path())?, LEVEL);
            fs::write(Path::new(&target).join(file.file_name()), compressed)?;
        }
    }
    Ok(())
}
