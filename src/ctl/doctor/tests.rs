// SPDX-License-Identifier: MIT OR Apache-2.0
//! One fault at a time.

use std::{collections::BTreeMap, os::unix::fs::symlink, path::PathBuf};

use super::{
    machine::{CONFIG, MODEL, Machine, SERVICE, WANTED, WIRED, bell, place},
    *,
};
use crate::panel::{
    fault::{Cause, OpenError},
    wiring::Backend,
};

#[test]
fn a_machine_where_all_is_well_has_no_faults() {
    let machine = Machine::healthy();
    assert_eq!(machine.faults(), Vec::<String>::new());
    let report = report(&machine.findings(), false);
    assert_eq!(report.exit_code, 0);
    assert!(report.text.contains("ok    sound      USB\n"), "{}", report.text);
}

#[test]
fn what_the_station_says_of_itself_is_told() {
    let mut machine = Machine::healthy();
    let problems = vec!["sound_busy".to_owned(), "link".to_owned()];
    machine.live.reached = Reached::Station { problems, handsets: BTreeMap::new() };
    let faults = machine.faults();
    assert_eq!(
        faults,
        ["warning station: it reports sound_busy", "warning station: it reports link"]
    );
    let text = report(&machine.findings(), false).text;
    assert!(text.contains("intercomctl audio says which"), "{text}");
    assert!(text.contains("the log says why"), "{text}");
}

#[test]
fn a_missing_configuration_is_named() {
    let machine = Machine::healthy();
    machine.remove(CONFIG);
    let faults = machine.faults();
    assert!(faults[0].starts_with("problem config: "), "{faults:?}");
    assert!(faults[0].contains("cannot be read"), "{faults:?}");
}

#[test]
fn every_problem_of_the_configuration_is_named() {
    let machine = Machine::healthy();
    machine.write(CONFIG, "[station]\nname = 3\n[doors.front]\npulse_ms = -1\n");
    let faults = machine.faults();
    let about = |text: &str| faults.iter().filter(|fault| fault.contains(text)).count();
    assert_eq!((about("station.name"), about("pulse_ms")), (1, 1), "{faults:#?}");
}

#[test]
fn a_missing_user_is_named() {
    let machine = Machine::healthy();
    machine.replace("/etc/passwd", "intercomd:", "other:");
    let faults = machine.faults();
    assert_eq!(faults[0], "problem user: there is no user intercomd");
    assert!(faults[1].starts_with("problem state: /var/lib/intercomd cannot be written"));
}

#[test]
fn a_missing_group_is_named() {
    for (group, fault) in [
        ("audio", "problem group: there is no group audio"),
        ("video", "problem group: there is no group video"),
        ("intercom", "warning group: there is no group intercom"),
    ] {
        let machine = Machine::healthy();
        machine.replace("/etc/group", &format!("{group}:"), "other:");
        machine.assert_one_fault(fault);
    }
    let machine = Machine::healthy();
    machine.replace("/etc/group", "gpio:", "other:");
    assert_eq!(machine.faults()[0], "problem group: there is no group gpio");
}

#[test]
fn a_user_outside_a_device_group_is_named_unless_the_service_adds_it() {
    let machine = Machine::healthy();
    machine.replace(SERVICE, "gpio audio", "gpio");
    machine.assert_one_fault("problem group: intercomd is not in the group audio");
    machine.replace("/etc/group", "audio:x:9002:", "audio:x:9002:someone,intercomd");
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn a_chip_that_the_group_cannot_open_is_named() {
    let machine = Machine::healthy();
    machine.mode("/dev/gpiochip0", 0o600);
    machine.assert_one_fault("problem gpio: /dev/gpiochip0: closed to the group gpio");
    let other_owner = Machine::healthy();
    let group = other_owner.root().text("/etc/group").unwrap();
    other_owner.write("/etc/group", &group.replace("gpio:x:", "gpio:x:1"));
    other_owner.assert_one_fault("problem gpio: /dev/gpiochip0: closed to the group gpio");
}

#[test]
fn a_board_without_chips_is_named() {
    let machine = Machine::healthy();
    machine.remove("/dev/gpiochip0");
    machine.assert_one_fault("problem gpio: there is no /dev/gpiochip*");
}

#[test]
fn a_line_that_is_not_there_is_named_with_its_place_in_the_file() {
    let mut machine = Machine::healthy();
    machine.live.probed = Ok(vec![bell(Err(Cause::NoSuchName))]);
    let faults = machine.faults();
    assert!(faults[0].contains("intercomd.toml:3:"), "{faults:?}");
    assert!(faults[0].contains("no chip has a line of this name"), "{faults:?}");
}

#[test]
fn a_line_that_somebody_else_holds_is_named_with_who() {
    let mut machine = Machine::healthy();
    machine.live.probed = Ok(vec![bell(Ok(place(Some("leds"))))]);
    machine.assert_one_fault(
        "problem lines: buttons.bell: BELL is /dev/gpiochip0 line 17, in use by leds",
    );
    machine.live.probed = Ok(vec![bell(Ok(place(Some("intercomd"))))]);
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn a_line_that_this_user_may_not_look_at_is_a_warning() {
    let mut machine = Machine::healthy();
    let cause = Cause::PermissionDenied { device: "/dev/gpiochip0".into(), group: None };
    machine.live.probed = Ok(vec![bell(Err(cause))]);
    machine.assert_one_fault("warning lines: buttons.bell: BELL: /dev/gpiochip0 cannot be looked");
}

#[test]
fn a_panel_that_is_not_built_in_is_named() {
    let mut machine = Machine::healthy();
    machine.live.probed = Err(OpenError::NotBuilt(Backend::Rppal));
    machine.assert_one_fault("problem lines: this binary is built without the rppal panel");
}

#[test]
fn missing_sound_and_cameras_are_warnings_where_a_contact_wants_them() {
    let mut machine = Machine::healthy();
    machine.live.cards = Some(Listing::default());
    machine.assert_one_fault("warning sound: there is no sound card");
    let machine = Machine::healthy();
    machine.remove("/dev/video0");
    machine.assert_one_fault("warning camera: there is no /dev/video0");
    machine.replace(CONFIG, "source = \"v4l2:/dev/video0\"", "source = \"pattern\"");
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn a_configured_card_that_is_not_there_is_named_with_those_that_are() {
    let mut machine = Machine::healthy();
    let audio = "[audio]\ncapture = \"alsa:plughw:CARD=USB\"\nplayback = \"alsa:plughw:CARD=UBS\"";
    machine.replace(CONFIG, "[video]", &format!("{audio}\n[video]"));
    let lack = "warning sound: audio.playback: there is no sound card UBS; there is: USB";
    machine.assert_one_fault(lack);
    let mut secret = Listing { cards: Vec::new(), closed: vec!["UBS".to_owned()] };
    secret.cards.extend(machine.live.cards.take().unwrap().cards);
    machine.live.cards = Some(secret);
    machine.assert_one_fault("warning sound: this user may not open UBS");
}

#[test]
fn a_card_that_nothing_is_asked_of_is_not_missed() {
    let mut machine = Machine::healthy();
    machine.live.cards = Some(Listing::default());
    machine.remove("/usr/lib/gstreamer-1.0/libgstalsa.so");
    let silent = "[audio]\ncapture = \"ticks\"\nplayback = \"none\"\n[video]";
    machine.replace(CONFIG, "[video]", silent);
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn a_missing_worker_and_missing_plugins_are_problems() {
    let machine = Machine::healthy();
    machine.remove("/usr/libexec/intercomd-media");
    machine.assert_one_fault("problem worker: there is no /usr/libexec/intercomd-media");
    for plugin in ["libgstnice.so", "libgstalsa.so", "libgstvideo4linux2.so"] {
        let machine = Machine::healthy();
        machine.remove(&format!("/usr/lib/gstreamer-1.0/{plugin}"));
        machine.assert_one_fault(&format!("problem gstreamer: there is no {plugin}"));
    }
}

#[test]
fn a_relay_that_outlives_its_driver_is_a_problem_on_a_raspberry_pi_with_a_door() {
    let machine = Machine::healthy();
    machine.replace("/proc/cmdline", "persist_gpio_outputs=n", "persist_gpio_outputs=y");
    machine.assert_one_fault("problem board: a relay keeps its level when its driver dies");
    machine.write("/boot/firmware/config.txt", "[all]\ndtparam=i2c=on,strict_gpiod\n");
    machine.assert_one_fault("warning board: dtparam=strict_gpiod is set and does not work yet");
    machine.write("/boot/firmware/config.txt", "#dtparam=strict_gpiod\n");
    machine.write(CONFIG, "");
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn the_running_kernel_knows_better_than_its_command_line() {
    let machine = Machine::healthy();
    machine.write("/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs", "Y\n");
    machine.assert_one_fault("problem board: a relay keeps its level");
}

#[test]
fn the_kernel_of_debian_lets_go_and_needs_no_setting() {
    let machine = Machine::healthy();
    machine.remove("/proc/cmdline");
    machine.write("/proc/sys/kernel/osrelease", "6.12.34+rpt-rpi-v8\n");
    machine.assert_one_fault("problem board: a relay keeps its level");
    machine.write("/proc/sys/kernel/osrelease", "6.1.0-37-arm64\n");
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn other_boards_are_not_asked_for_settings_of_a_raspberry_pi() {
    let machine = Machine::healthy();
    machine.remove("/proc/cmdline");
    machine.write(MODEL, "Other Board\0");
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn a_station_or_a_bus_that_cannot_be_reached_is_named() {
    let mut machine = Machine::healthy();
    machine.live.reached = Reached::BusOnly;
    machine.assert_one_fault("warning bus: the bus is there, the station is not on it");
    machine.live.reached = Reached::Nothing("refused".into());
    machine.assert_one_fault("problem bus: the bus cannot be reached: refused");
}

#[test]
fn a_missing_bus_policy_is_named_and_local_ones_count() {
    let machine = Machine::healthy();
    machine.remove("/usr/share/dbus-1/system.d/org.intercomd1.conf");
    machine.assert_one_fault("problem bus: its policy is not installed");
    machine.write("/etc/dbus-1/system.d/org.intercomd1.conf", "");
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn missing_polkit_is_named_where_it_is_to_decide() {
    let machine = Machine::healthy();
    machine.remove("/usr/share/polkit-1/actions/org.intercomd1.policy");
    machine.assert_one_fault("problem polkit: it does not know the station's actions");
    machine.remove("/usr/lib/polkit-1/polkitd");
    machine.assert_one_fault("problem polkit: polkit is not installed");
    machine.write(CONFIG, &format!("{WIRED}[bus]\nauthorization = \"policy\"\n"));
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn a_service_that_is_missing_masked_or_disabled_is_named() {
    let machine = Machine::healthy();
    machine.remove(WANTED);
    machine.assert_one_fault("warning service: does not start at boot");

    let machine = Machine::healthy();
    machine.remove(SERVICE);
    machine.replace("/etc/group", "video:x:9003:", "video:x:9003:intercomd");
    let faults = machine.faults();
    assert_eq!(faults.last().unwrap(), "problem service: intercomd.service is not installed");

    let machine = Machine::healthy();
    let mask = machine.root().at("/etc/systemd/system/intercomd.service");
    symlink(PathBuf::from("/dev/null"), mask).unwrap();
    let faults = machine.faults();
    assert_eq!(faults.last().unwrap(), "problem service: intercomd.service is masked");
}

#[test]
fn a_service_that_does_not_run_is_named_where_systemd_does() {
    let machine = Machine::healthy();
    machine.remove("/run/systemd/units/invocation:intercomd.service");
    machine.assert_one_fault("warning service: does not run");
    machine.remove("/run/systemd/system");
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn watchdogs_that_are_not_in_use_are_named() {
    let machine = Machine::healthy();
    machine.write("/etc/systemd/system/intercomd.service.d/own.conf", "[Service]\nWatchdogSec=0\n");
    machine.assert_one_fault("warning watchdog: nobody restarts a daemon that hangs");
    let machine = Machine::healthy();
    machine.replace("/etc/systemd/system.conf", "\nRuntimeWatchdogSec=15", "");
    machine.assert_one_fault("warning watchdog: the board's own is not in use");
}

#[test]
fn a_state_directory_that_cannot_be_written_is_named() {
    let machine = Machine::healthy();
    machine.mode("/var/lib/intercomd", 0o500);
    machine.assert_one_fault("problem state: /var/lib/intercomd cannot be written by intercomd");
    machine.mode("/var/lib/intercomd", 0o700);
    machine.remove("/var/lib/intercomd");
    assert_eq!(machine.faults(), Vec::<String>::new());
    machine.write("/var/lib/intercomd", "a file");
    machine.assert_one_fault("problem state: /var/lib/intercomd is no directory");
}

#[test]
fn a_state_directory_of_ones_own_has_to_be_there_and_allowed() {
    let machine = Machine::healthy();
    machine.write(CONFIG, &format!("{WIRED}[store]\ndirectory = \"/data/door\"\n"));
    let faults = machine.faults();
    assert_eq!(
        faults,
        [
            "problem state: there is no /data/door",
            "problem state: the service may not write to /data/door",
        ]
    );
    machine.write("/data/door/state.json", "{}");
    machine.replace(SERVICE, "ProtectSystem=strict", "ProtectSystem=strict\nReadWritePaths=/data");
    assert_eq!(machine.faults(), Vec::<String>::new());
}

#[test]
fn an_unset_clock_is_worth_a_warning_only_to_quiet_hours() {
    let machine = Machine::healthy();
    machine.remove("/run/systemd/timesync/synchronized");
    assert_eq!(machine.faults(), Vec::<String>::new());
    let hours = "[do_not_disturb]\nhours = [{ from = \"22:00\", to = \"07:00\" }]\n";
    machine.write(CONFIG, &format!("{WIRED}{hours}"));
    machine.assert_one_fault("warning clock: nobody knows whether it is right");
}

#[test]
fn a_problem_fails_the_examination_and_a_warning_does_not() {
    let warning = Finding::warning("bus", "odd", "look");
    let problem = Finding::problem("bus", "broken\ntwice", "mend");
    let odd = report(std::slice::from_ref(&warning), false);
    assert_eq!((odd.text.as_str(), odd.exit_code), ("warning  bus  odd -- look", 0));
    let broken = report(&[warning, problem], false);
    let expected = "warning  bus  odd -- look\nproblem  bus  broken twice -- mend";
    assert_eq!((broken.text.as_str(), broken.exit_code), (expected, 1));
    assert_eq!(broken.json["worst"], "problem");
    assert_eq!(broken.json["findings"][0]["advice"], "look");
}

#[test]
fn colour_is_only_on_the_grade() {
    let coloured = report(&[Finding::problem("bus", "broken", "")], true);
    assert_eq!(coloured.text, "\u{1b}[31mproblem\u{1b}[0m  bus  broken");
}

#[test]
fn an_address_that_somebody_else_has_is_named() {
    let mut machine = Machine::healthy();
    machine.write(CONFIG, &format!("{WIRED}[link]\nlisten = \"[::]:7443\"\n"));
    let listen: crate::config::Listen = "[::]:7443".parse().unwrap();
    machine.live.tried = vec![(listen, Some("Address already in use".to_owned()))];
    assert_eq!(machine.faults(), Vec::<String>::new(), "the station itself has it");
    machine.live.reached = Reached::BusOnly;
    let faults = machine.faults();
    assert!(
        faults.iter().any(|fault| fault.starts_with("problem link: [::]:7443 cannot be")),
        "{faults:?}"
    );
}

#[cfg(feature = "direct")]
#[test]
fn a_certificate_that_cannot_be_used_or_is_over_is_named() {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    let machine = Machine::healthy();
    let (chain, key) = ("/etc/intercomd/door.pem", "/etc/intercomd/door.key");
    let link = format!(
        "{WIRED}[link]\nlisten = \"[::]:7443\"\ncertificate = \"{chain}\"\nkey = \"{key}\"\n"
    );
    machine.write(CONFIG, &link);
    machine.assert_one_fault("problem link: ");
    let pair = KeyPair::generate().unwrap();
    let until = |year| {
        let mut params = CertificateParams::new(vec!["door.example".to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, 1, 1);
        params.self_signed(&pair).unwrap().pem()
    };
    machine.write(chain, &until(2045));
    machine.write(key, &pair.serialize_pem());
    assert_eq!(machine.faults(), Vec::<String>::new());
    machine.write(chain, &until(2021));
    machine.assert_one_fault("warning link: /etc/intercomd/door.pem is over");
    machine.write(key, &KeyPair::generate().unwrap().serialize_pem());
    machine.assert_one_fault("problem link: the key in ");
    machine.write(chain, &until(2045));
    machine.write(key, &pair.serialize_pem());
    machine.mode(key, 0o000);
    assert!(machine.faults().iter().any(|fault| fault.contains("may not be able to read")));
}

#[cfg(feature = "push")]
use crate::ctl::state::{Handset, Push};

#[cfg(feature = "push")]
const LINKED: &str = "[link]\nlisten = \"[::]:7443\"\n";

#[cfg(feature = "push")]
fn pushing(push: &str) -> Machine {
    let machine = Machine::healthy();
    machine.write(CONFIG, &format!("{WIRED}{LINKED}[push]\n{push}\n"));
    machine
}

#[cfg(feature = "push")]
fn handset(label: &str, push: Push) -> (String, Handset) {
    (label.to_lowercase(), Handset { label: label.to_owned(), push, ..Handset::default() })
}

#[cfg(feature = "push")]
#[test]
fn pushes_need_a_clock_that_somebody_vouches_for() {
    let mut machine = pushing("");
    assert_eq!(machine.faults(), Vec::<String>::new());
    let text = report(&machine.findings(), false).text;
    let bundle = "trusts the 1 certificates of /etc/ssl/certs/ca-certificates.crt";
    assert!(text.contains(bundle), "{text}");
    machine.live.is_synchronized = Some(false);
    machine.assert_one_fault("warning push: nothing is pushed: no time service has set the clock");
    machine.live.is_synchronized = None;
    machine.assert_one_fault("warning push: nothing is pushed: nobody knows whether the clock");
    let mut trusting = pushing("clock = \"trusted\"");
    trusting.live.is_synchronized = None;
    assert_eq!(trusting.faults(), Vec::<String>::new());
}

#[cfg(feature = "push")]
#[test]
fn pushes_need_certificates_that_can_be_read() {
    let machine = pushing("");
    machine.write("/etc/ssl/certs/ca-certificates.crt", "");
    machine.assert_one_fault(
        "warning push: nothing is pushed but by http: /etc/ssl/certs/ca-certificates.crt cannot",
    );
    machine.remove("/etc/ssl/certs/ca-certificates.crt");
    machine.assert_one_fault("warning push: nothing is pushed but by http: there are no");
    machine.write(CONFIG, &format!("{WIRED}{LINKED}[push]\nenabled = false\n"));
    assert_eq!(machine.faults(), Vec::<String>::new());
    assert!(report(&machine.findings(), false).text.contains("pushes are off"));
}

#[cfg(feature = "push")]
#[test]
fn who_can_be_woken_and_how_that_went_is_told() {
    let mut machine = pushing("");
    let of = |registered, result: &str| Push {
        registered,
        result: result.to_owned(),
        at: 1_000_000_000_000,
    };
    let handsets = [
        handset("Kitchen", of(true, "taken")),
        handset("Attic", of(true, "unreachable")),
        handset("Hall", Push { registered: true, ..Push::default() }),
        handset("Cellar", of(false, "gone")),
        handset("Browser", Push::default()),
    ];
    let (problems, handsets) = (Vec::new(), BTreeMap::from(handsets));
    machine.live.reached = Reached::Station { problems, handsets };
    let faults = machine.faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
    for (fault, label, what) in
        [(&faults[0], "Attic", "there is no way to"), (&faults[1], "Cellar", "knows it no more")]
    {
        assert!(fault.starts_with(&format!("warning push: {label} (")), "{fault}");
        assert!(fault.contains(", 2001-09-0") && fault.contains(what), "{fault}");
    }
    let text = report(&machine.findings(), false).text;
    assert!(text.contains("3 of 5 handsets can be woken"), "{text}");
    assert!(text.contains("was taken by its push service\n"), "{text}");
    assert!(text.contains("open the app on this phone"), "{text}");
}
