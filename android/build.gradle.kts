// SPDX-License-Identifier: MIT OR Apache-2.0
// Named here, each plugin is loaded once for all modules.
plugins {
    alias(libs.plugins.apk) apply false
    alias(libs.plugins.aar) apply false
    alias(libs.plugins.kotlin.android) apply false
    alias(libs.plugins.kotlin.jvm) apply false
}
