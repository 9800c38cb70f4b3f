// SPDX-License-Identifier: MIT OR Apache-2.0
rootProject.name = "intercomd-android"

pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}

include(":phone-core")
include(":phone-net")
include(":intercom")
include(":intercom-device")
include(":app")
