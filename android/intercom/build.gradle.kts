// SPDX-License-Identifier: MIT OR Apache-2.0
plugins {
    alias(libs.plugins.aar)
    alias(libs.plugins.kotlin.android)
}

android {
    namespace = "org.intercomd.intercom"
    compileSdk = libs.versions.gradle.compile.sdk.get().toInt()
    defaultConfig {
        minSdk = libs.versions.gradle.min.sdk.get().toInt()
    }
}

kotlin {
    jvmToolchain(libs.versions.java.get().toInt())
    compilerOptions {
        progressiveMode = true
    }
}

dependencies {
    api(project(":phone-core"))
    testImplementation(testFixtures(project(":phone-core")))
    testImplementation(libs.junit4)
    testImplementation(libs.robolectric) {
        // src/test/kotlin/androidx has what Robolectric calls of these.
        exclude(group = "androidx.test", module = "monitor")
        exclude(group = "androidx.test.espresso", module = "espresso-idling-resource")
    }
}
