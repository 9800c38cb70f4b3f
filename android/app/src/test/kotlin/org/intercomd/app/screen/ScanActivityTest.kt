// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraMetadata
import android.provider.Settings
import android.view.WindowManager.LayoutParams
import org.intercomd.app.TestApp
import org.intercomd.app.page.LINK
import org.intercomd.app.scan.Cameras
import org.intercomd.app.scan.ScanNews
import org.intercomd.app.scan.ScanTrouble
import org.intercomd.app.text.Text
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** Robolectric's camera on 26 cannot be opened, so that some of this is not tried there. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApp::class)
class ScanActivityTest {
    @get:Rule
    internal val screens = Screens()

    private val cameras = Cameras(screens.app)
    private val permission = "android.permission.CAMERA"

    /** The screen, with a place for the picture. */
    private fun scan(): ScanActivity {
        val screen = screens.open<ScanActivity>()
        place(screen)
        return screen
    }

    private fun place(screen: ScanActivity) {
        val preview = screen.previews().single()
        val texture = SurfaceTexture(0)
        preview.setSurfaceTexture(texture)
        preview.onSurfaceTextureAvailable(texture, 720, 1280)
    }

    private fun allow() = shadowOf(screens.app).grantPermissions(permission)

    private fun scanning() = Thread.getAllStackTraces().keys.filter { it.name == "scan" }

    private fun openOnes() = cameras.opened().filter(cameras::isOpen)

    @Test
    fun `the camera is asked for at once, and once`() {
        val screen = scan()
        val asked = shadowOf(screen).lastRequestedPermission
        assertEquals(listOf(permission), asked.requestedPermissions.toList())
        val refused = intArrayOf(PackageManager.PERMISSION_DENIED)
        screen.onRequestPermissionsResult(asked.requestCode, arrayOf(permission), refused)
        assertTrue(screens.say(Text.ScanNotAllowed) in screen.texts())
        screen.press(screens.say(Text.Settings))
        val opened = shadowOf(screen).nextStartedActivity
        assertEquals(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, opened.action)
        val turned = screens.turn(screen)
        assertNull(shadowOf(turned).lastRequestedPermission)
        assertEquals(0, cameras.opened().size)
    }

    @Test
    @Config(sdk = [31, 34, 35])
    fun `a permission that is given in the settings is enough`() {
        cameras.add("0")
        val screen = scan()
        screens.hide(screen)
        allow()
        screens.show(screen)
        screens.await("open") { openOnes().size == 1 }
        screens.await("told") { screens.say(Text.ScanHow) in screen.texts() }
    }

    @Test
    @Config(sdk = [31, 34, 35])
    fun `the camera is closed whenever the screen is not in front`() {
        allow()
        cameras.add("0")
        val screen = scan()
        screens.await("open") { openOnes().size == 1 }
        screens.hide(screen)
        screens.await("closed") { openOnes().isEmpty() }
        screens.show(screen)
        screens.await("open again") { openOnes().size == 1 }
        // At once, before it is open.
        screens.hide(screen)
        screens.show(screen)
        screens.hide(screen)
        // Its thread ends with a camera, and stays for one that is on its way.
        screens.await("closed again") { openOnes().isEmpty() && scanning().isEmpty() }
    }

    @Test
    @Config(sdk = [31, 34, 35])
    fun `it is the camera at the back, whose light can be switched`() {
        allow()
        cameras.add("0", CameraMetadata.LENS_FACING_FRONT, hasLight = false)
        cameras.add("1")
        val screen = scan()
        screens.await("light") { screens.say(Text.ScanLight) in screen.texts() }
        assertEquals(listOf("1"), cameras.opened().map { it.id })
        screen.press(screens.say(Text.ScanLight))
        screen.press(screens.say(Text.ScanDark))
        assertTrue(screens.say(Text.ScanLight) in screen.texts())
    }

    @Test
    fun `a phone without a camera is told`() {
        allow()
        val screen = scan()
        screens.await("told") { screens.say(Text.ScanNoCamera) in screen.texts() }
    }

    @Test
    @Config(sdk = [31, 34, 35])
    fun `a camera that is taken away is told, and can be asked for again`() {
        allow()
        cameras.add("0")
        val screen = scan()
        screens.await("open") { openOnes().size == 1 }
        cameras.takeAway()
        screens.await("told") { screens.say(Text.ScanInUse) in screen.texts() }
        screens.await("closed") { openOnes().isEmpty() }
        screen.press(screens.say(Text.PairAgain))
        screens.await("open again") { openOnes().size == 1 }
        assertTrue(screens.say(Text.ScanHow) in screen.texts())
    }

    @Test
    fun `every other trouble is told, too`() {
        val screen = scan()
        val texts = mapOf(
            ScanTrouble.SwitchedOff to Text.ScanSwitchedOff,
            ScanTrouble.Failed to Text.ScanFailed,
        )
        for ((why, text) in texts) {
            screen.happened(ScanNews.Ended(why))
            assertTrue(screens.say(text) in screen.texts())
        }
    }

    @Test
    @Config(sdk = [31, 34, 35])
    fun `another code is told, and a pairing link is what the screen is for`() {
        allow()
        cameras.add("0")
        val screen = scan()
        screens.await("open") { openOnes().size == 1 }
        screen.happened(ScanNews.Found("https://example.org/"))
        assertTrue(screens.say(Text.ScanOther) in screen.texts())
        assertFalse(screen.isFinishing)
        assertEquals(1, openOnes().size)
        screen.happened(ScanNews.Found(LINK))
        assertTrue(screen.isFinishing)
        assertEquals(Activity.RESULT_OK, shadowOf(screen).resultCode)
        val found: Intent = shadowOf(screen).resultIntent
        assertEquals(LINK, found.getStringExtra(Intent.EXTRA_TEXT))
        screens.await("closed") { openOnes().isEmpty() }
    }

    @Test
    fun `nobody films the secret, and the screen stays on meanwhile`() {
        val flags = scan().window.attributes.flags
        assertTrue(flags and LayoutParams.FLAG_SECURE != 0)
        assertTrue(flags and LayoutParams.FLAG_KEEP_SCREEN_ON != 0)
    }
}
