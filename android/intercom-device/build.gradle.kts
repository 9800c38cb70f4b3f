// SPDX-License-Identifier: MIT OR Apache-2.0
plugins {
    alias(libs.plugins.aar)
    alias(libs.plugins.kotlin.android)
}

android {
    namespace = "org.intercomd.device"
    compileSdk = libs.versions.gradle.compile.sdk.get().toInt()
    defaultConfig {
        minSdk = libs.versions.gradle.min.sdk.get().toInt()
        consumerProguardFiles("consumer-rules.pro")
    }
}

kotlin {
    jvmToolchain(libs.versions.java.get().toInt())
    compilerOptions {
        progressiveMode = true
    }
}

dependencies {
    api(project(":phone-net"))
    implementation(libs.webrtc)
    implementation(libs.conscrypt)
    implementation(libs.unifiedpush) {
        // Pushes are decrypted by phone-core.
        exclude(group = "com.google.crypto.tink", module = "tink")
    }
    testImplementation(libs.junit4)
}
