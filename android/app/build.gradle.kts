// SPDX-License-Identifier: MIT OR Apache-2.0
plugins {
    alias(libs.plugins.apk)
    alias(libs.plugins.kotlin.android)
}

android {
    namespace = "org.intercomd.app"
    compileSdk = libs.versions.gradle.compile.sdk.get().toInt()
    defaultConfig {
        applicationId = "org.intercomd.app"
        minSdk = libs.versions.gradle.min.sdk.get().toInt()
        targetSdk = libs.versions.gradle.target.sdk.get().toInt()
        versionCode = 1
        versionName = libs.versions.gradle.app.version.get()
    }
    sourceSets {
        named("test") {
            kotlin.srcDir("../intercom/src/test/kotlin/androidx")
            kotlin.srcDir("../intercom-device/src/test/kotlin/org/intercomd/device/keystore")
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
    implementation(project(":intercom"))
    implementation(project(":intercom-device"))
    implementation(libs.zxing)
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
