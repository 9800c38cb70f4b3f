// SPDX-License-Identifier: MIT OR Apache-2.0
rootProject.name = "intercomd-android"

pluginManagement {
    repositories {
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        mavenCentral()
    }
}

include(":phone-core")
include(":phone-net")
