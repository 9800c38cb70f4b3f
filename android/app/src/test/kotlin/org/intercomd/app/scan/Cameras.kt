// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.scan

import android.content.Context
import android.graphics.ImageFormat
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CameraMetadata
import android.util.Size
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowCameraCharacteristics
import org.robolectric.shadows.ShadowCameraManager
import org.robolectric.shadows.StreamConfigurationMapBuilder
import org.robolectric.util.ReflectionHelpers

/** Those of Robolectric's phone. */
internal class Cameras(context: Context) {
    private val manager =
        shadowOf(checkNotNull(context.getSystemService(CameraManager::class.java)))

    fun add(id: String, facing: Int = CameraMetadata.LENS_FACING_BACK, hasLight: Boolean = true) {
        val about = ShadowCameraCharacteristics.newCameraCharacteristics()
        val size = Size(1280, 720)
        val sizes = StreamConfigurationMapBuilder.newBuilder().addOutputSize(size)
            .addOutputSize(ImageFormat.YUV_420_888, size).build()
        shadowOf(about).apply {
            set(CameraCharacteristics.LENS_FACING, facing)
            set(CameraCharacteristics.SENSOR_ORIENTATION, 90)
            set(CameraCharacteristics.FLASH_INFO_AVAILABLE, hasLight)
            set(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP, sizes)
        }
        manager.addCamera(id, about)
    }

    fun takeAway() = manager.triggerDisconnect()

    /** Those that were opened, whether or not they still are. */
    fun opened(): List<CameraDevice> = ReflectionHelpers
        .getStaticField<Set<CameraDevice>>(ShadowCameraManager::class.java, "createdCameras")
        .toList()

    fun isOpen(device: CameraDevice): Boolean = try {
        device.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW)
        true
    } catch (_: IllegalStateException) {
        false
    }
}
