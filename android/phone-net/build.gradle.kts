// SPDX-License-Identifier: MIT OR Apache-2.0
plugins {
    alias(libs.plugins.kotlin.jvm)
}

kotlin {
    jvmToolchain(libs.versions.java.get().toInt())
    compilerOptions {
        allWarningsAsErrors = true
        progressiveMode = true
    }
}

dependencies {
    api(project(":phone-core"))
    implementation(libs.okhttp)
    testImplementation(testFixtures(project(":phone-core")))
    testImplementation(libs.okhttp.mockwebserver)
    testImplementation(libs.okhttp.tls)
    testImplementation(libs.junit.jupiter)
    testRuntimeOnly(libs.junit.platform.launcher)
}

tasks.test {
    useJUnitPlatform()
}
