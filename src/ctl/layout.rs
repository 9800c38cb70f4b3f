// SPDX-License-Identifier: MIT OR Apache-2.0
//! Aligned columns. What is wide on paper is counted in characters, which is right for names and
//! labels in most scripts.

pub(super) type Row = Vec<String>;

pub(super) fn row<const N: usize>(cells: [&str; N]) -> Row {
    cells.map(str::to_owned).into()
}

/// Each line ends without spaces, and there is no line end after the last.
pub(super) fn columns(rows: &[Row]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &Row| {
        let cells = row.iter().zip(&widths).filter(|(_, width)| **width > 0);
        let padded: Vec<String> = cells.map(|(cell, width)| format!("{cell:width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Blocks of columns, each with its name in the margin. Those that are empty are left out.
pub(super) fn sections(sections: &[(&str, Vec<Row>)]) -> String {
    let present: Vec<_> = sections.iter().filter(|(_, rows)| !rows.is_empty()).collect();
    let margin = present.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (name, rows) in present {
        for (number, line) in columns(rows).lines().enumerate() {
            let name = if number == 0 { *name } else { "" };
            lines.push(format!("{name:margin$}  {line}"));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [row(["front", "closed", ""]), row(["tür", "held", "12 s"])];
        assert_eq!(columns(&rows), "front  closed\ntür    held    12 s");
    }

    #[test]
    fn a_column_that_is_empty_everywhere_takes_no_room() {
        assert_eq!(columns(&[row(["a", "", "b"]), row(["c", "", "d"])]), "a  b\nc  d");
    }

    #[test]
    fn the_margin_names_a_block_once() {
        let doors = vec![row(["front"]), row(["back"])];
        let blocks = [("doors", doors), ("lights", vec![]), ("call", vec![row(["none"])])];
        assert_eq!(sections(&blocks), "doors  front\n       back\ncall   none");
    }
}
