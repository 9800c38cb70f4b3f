# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the Yocto layer says a second time is what the tree says; and oelint finds nothing."""

import fnmatch
import hashlib
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

TREE = Path(__file__).parent.parent.parent
LAYER = TREE / "yocto-layer"
RECIPE = next((LAYER / "recipes-connectivity/intercomd").glob("intercomd_*.bb"))
CARGO = tomllib.loads((TREE / "Cargo.toml").read_text())
SERIES = re.search(r'LAYERSERIES_COMPAT_intercomd = "(.*)"', (LAYER / "conf/layer.conf").read_text())[1].split()

# What bitbake.conf and the systemd class put into a package unasked.
FILES = ["/etc", "/usr/bin/*", "/usr/lib/systemd/system", "/usr/lib/udev", "/usr/share/doc"]
PATHS = {"datadir": "/usr/share", "libexecdir": "/usr/libexec", "nonarch_libdir": "/usr/lib"}

# Packages that are not named after their plugin.
PLUGINS = {"gstreamer1.0": "coreelements", "libcamera-gst": "libcamera", "libnice": "nice"}


def variable(name):
    """What the recipe assigns to it, in one line."""
    text = RECIPE.read_text().replace("\\\n", " ")
    return " ".join(re.search(rf'^{re.escape(name)} \S*= *"(.*?)"$', text, re.MULTILINE)[1].split())


def plugin(package):
    """openembedded-core has a package for each plugin, with its set and its name."""
    return PLUGINS.get(package) or re.fullmatch(r"gstreamer1\.0-plugins-(?:base|good|bad)-(.+)", package)[1]


def plugins_of_the_worker(constant):
    text = (TREE / "src/media/plugins.rs").read_text()
    body = re.search(rf"pub const {constant}: &\[&str\] = &\[(.*?)\];", text, re.DOTALL)[1]
    return re.findall(r'"libgst(.+?)\.so"', body)


class Layer(unittest.TestCase):
    maxDiff = None

    def test_crates_are_those_of_the_lock(self):
        made = subprocess.check_output([sys.executable, LAYER / "crates"], text=True)
        self.assertIn("sha256sum", made)
        written = RECIPE.with_name("intercomd-crates.inc").read_text()
        self.assertEqual(written, made, "Cargo.lock has changed: run `make yocto-crates`")

    def test_version_is_that_of_the_crate(self):
        version = CARGO["package"]["version"]
        self.assertEqual(RECIPE.name, f"intercomd_{version}.bb")
        self.assertIn(f'\nDISTRO_VERSION = "{version}"\n', (LAYER / "conf/distro/door-station.conf").read_text())

    def test_features_are_those_of_the_crate(self):
        chosen = variable("CARGO_FEATURES").split("$")[0].split()
        chosen += re.search(r"'PACKAGECONFIG', '(.*?)'", variable("CARGO_FEATURES"))[1].split()
        usual = set(CARGO["features"]["default"]) - {"daemon"}
        self.assertEqual(sorted(chosen), sorted(usual))
        switches = re.findall(r"^PACKAGECONFIG\[(.+?)\]", RECIPE.read_text(), re.MULTILINE)
        self.assertEqual(sorted(switches), sorted(usual - {"direct"} | {"polkit"}))

    def test_plugins_are_those_of_the_worker(self):
        for name, constant in [("RDEPENDS", "NEEDED"), ("RRECOMMENDS", "OPTIONAL")]:
            packages = variable(name + ":${PN}-media").split()
            self.assertEqual(sorted(map(plugin, packages)), sorted(plugins_of_the_worker(constant)))

    def test_users_are_those_of_sysusers(self):
        lines = (TREE / "systemd/intercomd.sysusers").read_text().splitlines()
        groups = [line.split()[1] for line in lines if line.startswith("g ")]
        [line] = [line for line in lines if line.startswith("u ")]
        user, comment, home = re.fullmatch(r'u (\S+) +- "(.+)" (\S+)', line).groups()
        made = [f"--system {group}" for group in [*groups, user]]
        self.assertEqual(variable("GROUPADD_PARAM:${PN}").split("; "), made)
        said = variable("USERADD_PARAM:${PN}").replace("${localstatedir}", "/var").replace("${sbindir}", "/usr/sbin")
        options = f"--system --gid {user} --comment '{comment}' --no-create-home --home-dir {home}"
        self.assertEqual(said, f"{options} --shell /usr/sbin/nologin {user}")

    def installed(self, media):
        """What do_install installs, with placeholders for the binaries."""
        with tempfile.TemporaryDirectory() as place:
            release, image = Path(place, "release"), Path(place, "image")
            release.mkdir()
            for binary in ["intercomd", "intercomctl", *media]:
                release.joinpath(binary).touch(mode=0o755)
            options = [f"DESTDIR={image}", f"release={release}", f"docs={place}/docs", f"media={' '.join(media)}"]
            subprocess.run(["make", "--no-print-directory", "install", *options], cwd=TREE, check=True)
            return sorted("/" + str(path.relative_to(image)) for path in image.rglob("*") if path.is_file())

    def test_every_installed_file_is_in_a_package(self):
        ours = variable("FILES:${PN}").split() + variable("FILES:${PN}-media").split()
        ours = [re.sub(r"\$\{(.+?)\}", lambda found: PATHS[found[1]], path) for path in ours]
        installed = self.installed(["intercomd-media"])
        self.assertIn("/usr/libexec/intercomd-media", installed)
        for path in installed:
            packed = any(fnmatch.fnmatch(path, files) or path.startswith(files + "/") for files in FILES + ours)
            self.assertTrue(packed, f"{path} is in no package's FILES")

    def test_without_media_there_is_no_worker(self):
        all_files = self.installed(["intercomd-media"])
        self.assertEqual(self.installed([]), [path for path in all_files if "media" not in path])

    def test_licences_are_those_of_the_tree(self):
        seen = re.findall(r"file://(\S+?);md5=(\w+)", "\n".join(path.read_text() for path in LAYER.rglob("*.bb")))
        self.assertEqual({name for name, _ in seen}, {"LICENSE-APACHE", "LICENSE-MIT"})
        for name, sum_ in seen:
            self.assertEqual(sum_, hashlib.md5((TREE / name).read_bytes()).hexdigest(), name)

    def test_oelint_finds_nothing(self):
        files = [path for path in LAYER.rglob("*") if path.suffix in {".bb", ".bbappend", ".conf"}]
        self.assertGreater(len(files), 5)
        for series in SERIES:
            lint = [Path(sys.executable).with_name("oelint-adv"), "--quiet", "--relpaths", "--mode=all"]
            said = subprocess.run([*lint, f"--release={series}", *files], cwd=TREE, capture_output=True, text=True)
            self.assertEqual((said.returncode, said.stdout + said.stderr), (0, ""), series)


if __name__ == "__main__":
    unittest.main()
