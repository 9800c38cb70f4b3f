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
    sourceSets {
        named("test") {
            kotlin.srcDir("../intercom/src/test/kotlin/androidx")
            kotlin.srcDir("../phone-net/src/test/kotlin/org/intercomd/phone/net/station")
            resources.srcDir("../intercom/src/test/resources")
        }
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
    testImplementation(testFixtures(project(":phone-core")))
    testImplementation(libs.okhttp.mockwebserver)
    testImplementation(libs.okhttp.tls)
    testImplementation(libs.junit4)
    testImplementation(libs.robolectric) {
        // intercom's src/test/kotlin/androidx has what Robolectric calls of these.
        exclude(group = "androidx.test", module = "monitor")
        exclude(group = "androidx.test.espresso", module = "espresso-idling-resource")
    }
}
