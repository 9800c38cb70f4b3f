// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writes man pages and shell completions into a directory: from the command lines themselves,
//! the reference configuration, and what a person has to say in `config/man`.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::{Arg, Command, CommandFactory, Parser};
use clap_complete::{Shell, generate_to};
use clap_mangen::{
    Man,
    roff::{Inline, Roff, bold, italic, roman},
};
use intercomd::{cli::Intercomd, ctl::cli::Intercomctl};

/// Writes man pages and shell completions.
#[derive(Debug, Parser)]
#[command(name = "intercomd-docs", version)]
struct Docs {
    /// Where to; made if it is not there
    directory: PathBuf,
}

const SOURCE: &str = concat!("intercomd ", env!("CARGO_PKG_VERSION"));
const MANUAL: &str = "intercomd";

fn main() -> ExitCode {
    match write(&Docs::parse().directory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error),
    }
}

#[expect(clippy::print_stderr, reason = "a program speaks to whoever starts it")]
fn complain(error: &anyhow::Error) -> ExitCode {
    eprintln!("{error:#}");
    ExitCode::FAILURE
}

fn write(directory: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(directory).with_context(|| directory.display().to_string())?;
    for (name, page) in pages()? {
        let path = directory.join(name);
        fs::write(&path, page).with_context(|| path.display().to_string())?;
    }
    for mut command in [Intercomd::command(), Intercomctl::command()] {
        let name = command.get_name().to_owned();
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            generate_to(shell, &mut command, &name, directory)
                .with_context(|| format!("{shell} completion of {name}"))?;
        }
    }
    Ok(())
}

fn pages() -> io::Result<Vec<(&'static str, String)>> {
    let daemon = include_str!("../../config/man/intercomd.roff");
    let client = include_str!("../../config/man/intercomctl.roff");
    Ok(vec![
        ("intercomd.8", page(Intercomd::command(), "8", daemon)?),
        ("intercomctl.1", page(Intercomctl::command(), "1", client)?),
        ("intercomd.toml.5", reference()),
    ])
}

/// What the command line knows of itself, then what only a person knows.
fn page(command: Command, section: &str, by_hand: &str) -> io::Result<String> {
    let command = command.disable_help_subcommand(true);
    let mut built = command.clone();
    built.build();
    let man = Man::new(command).section(section).source(SOURCE).manual(MANUAL).date("");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    page.extend(commands(&built).to_roff().into_bytes());
    page.extend(without_comments(by_hand).into_bytes());
    String::from_utf8(page).map_err(io::Error::other)
}

fn commands(command: &Command) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["COMMANDS"]);
    for command in command.get_subcommands() {
        describe(&mut roff, "", command);
    }
    roff
}

fn describe(roff: &mut Roff, before: &str, command: &Command) {
    let name = format!("{before}{}", command.get_name());
    let mut title = vec![bold(name.clone())];
    let own = || command.get_arguments().filter(|arg| is_own(arg));
    title.extend(own().flat_map(usage));
    roff.control("TP", []);
    roff.text(title);
    // A summary has no full stop, a paragraph does.
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    roff.text([roman(format!("{about}."))]);
    let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    if let Some(more) = long.strip_prefix(&about).map(str::trim).filter(|more| !more.is_empty()) {
        roff.text([roman(more.replace('\n', " "))]);
    }
    roff.control("RS", []);
    for arg in own() {
        explain(roff, arg);
    }
    roff.control("RE", []);
    for nested in command.get_subcommands() {
        describe(roff, &format!("{name} "), nested);
    }
}

/// Not help, and not one that every command has.
fn is_own(arg: &Arg) -> bool {
    !arg.is_global_set() && !arg.is_hide_set() && arg.get_id() != "help"
}

fn value(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(" ")
}

fn usage(arg: &Arg) -> Vec<Inline> {
    let (open, close) = if arg.is_required_set() { (" ", "") } else { (" [", "]") };
    let mut words = vec![roman(open)];
    words.extend(spelled(arg));
    words.push(roman(close));
    words
}

fn spelled(arg: &Arg) -> Vec<Inline> {
    match arg.get_long() {
        None => vec![italic(value(arg))],
        Some(long) if arg.get_action().takes_values() => {
            vec![bold(format!("--{long}")), roman(" "), italic(value(arg))]
        }
        Some(long) => vec![bold(format!("--{long}"))],
    }
}

fn explain(roff: &mut Roff, arg: &Arg) {
    let Some(help) = arg.get_help() else { return };
    roff.control("TP", []);
    roff.text(spelled(arg));
    let mut text = format!("{help}.");
    if arg.get_action().takes_values() {
        let words: Vec<String> = arg
            .get_possible_values()
            .iter()
            .map(|value| match value.get_help() {
                Some(help) => format!("{} ({help})", value.get_name()),
                None => value.get_name().to_owned(),
            })
            .collect();
        if !words.is_empty() {
            text.push_str(&format!(" One of {}.", words.join(", ")));
        }
        let usual: Vec<_> =
            arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if !usual.is_empty() {
            text.push_str(&format!(" Default: {}.", usual.join(" ")));
        }
    }
    roff.text([roman(text)]);
}

/// The shipped file, word for word.
fn reference() -> String {
    let title = format!(".TH intercomd.toml 5 \"\" \"{SOURCE}\" \"{MANUAL}\"\n");
    let intro = without_comments(include_str!("../../config/man/intercomd.toml.roff"));
    let lines = include_str!("../../config/intercomd.toml").lines();
    let verbatim: Vec<String> = lines.map(|line| format!("\\&{}", escaped(line))).collect();
    let tail = ".SH \"SEE ALSO\"\n.BR intercomd (8),\n.BR intercomctl (1)\n";
    format!("{title}{intro}.SH REFERENCE\n.EX\n{}\n.EE\n{tail}", verbatim.join("\n"))
}

fn escaped(line: &str) -> String {
    line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq").replace('…', "\\[u2026]")
}

/// Only the page as a whole may begin with a comment.
fn without_comments(roff: &str) -> String {
    let lines = roff.lines().filter(|line| !line.starts_with(".\\\""));
    lines.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(name: &str) -> String {
        pages().unwrap().into_iter().find(|(page, _)| *page == name).unwrap().1
    }

    #[test]
    fn every_command_is_in_the_manual() {
        let page = page_of("intercomctl.1");
        for command in Intercomctl::command().get_subcommands() {
            let name = command.get_name().replace('-', "\\-");
            assert!(page.contains(&format!(".TP\n\\fB{name}\\fR")), "{name} is not in\n{page}");
        }
        assert!(page.contains("\\fBhandsets remove\\fR"), "{page}");
    }

    #[test]
    fn every_exit_status_of_the_help_is_in_the_manual() {
        let page = page_of("intercomctl.1");
        for line in intercomd::ctl::cli::EXIT_STATUS.lines().skip(1) {
            let code = line.split_whitespace().next().unwrap();
            assert!(page.contains(&format!(".B {code}\n")), "{code}");
        }
    }

    #[test]
    fn the_whole_reference_configuration_is_in_its_page() {
        let page = page_of("intercomd.toml.5");
        let shipped = include_str!("../../config/intercomd.toml");
        let begin = page.find(".EX\n").unwrap();
        let end = page.find("\n.EE").unwrap();
        assert_eq!(page[begin..end].lines().count() - 1, shipped.lines().count());
        assert!(page.contains("\\&[station]"));
    }

    #[test]
    fn a_directory_is_filled_with_pages_and_completions() {
        let directory = tempfile::tempdir().unwrap();
        let inner = directory.path().join("docs");
        write(&inner).unwrap();
        let mut names: Vec<String> = fs::read_dir(&inner)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let expected = [
            "_intercomctl",
            "_intercomd",
            "intercomctl.1",
            "intercomctl.bash",
            "intercomctl.fish",
            "intercomd.8",
            "intercomd.bash",
            "intercomd.fish",
            "intercomd.toml.5",
        ];
        assert_eq!(names, expected);
    }
}
