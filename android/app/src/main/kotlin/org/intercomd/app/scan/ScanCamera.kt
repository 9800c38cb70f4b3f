// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.scan

import android.content.Context
import android.graphics.ImageFormat
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CameraMetadata
import android.hardware.camera2.CaptureRequest
import android.media.ImageReader
import android.os.Handler
import android.os.HandlerThread
import android.view.Surface

/**
 * The camera for as long as somebody scans: from its making until [close]. It works on a thread
 * of its own, where codes are read, too; [tell] is called there.
 */
internal class ScanCamera(
    context: Context,
    private val texture: SurfaceTexture,
    private val tell: (ScanNews) -> Unit,
) {
    private val cameras = checkNotNull(context.getSystemService(CameraManager::class.java))
    private val thread = HandlerThread("scan").apply { start() }
    private val handler = Handler(thread.looper)
    private val codes = QrReader()
    private var device: CameraDevice? = null
    private var session: CameraCaptureSession? = null
    private var preview: Surface? = null
    private var frames: ImageReader? = null
    private var bytes = ByteArray(0)
    private var isLit = false
    private var isOpening = false
    private var isClosed = false

    init {
        handler.post { guarded(::open) }
    }

    fun light(isOn: Boolean) {
        handler.post {
            isLit = isOn
            guarded(::film)
        }
    }

    fun close() {
        handler.post(::end)
    }

    private fun open() {
        val id = find() ?: return fail(ScanTrouble.NoCamera)
        val about = cameras.getCameraCharacteristics(id)
        val sizes = about.get(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP)
        val ofFrames = sizes?.getOutputSizes(ImageFormat.YUV_420_888).orEmpty()
        val ofPreview = sizes?.getOutputSizes(SurfaceTexture::class.java).orEmpty()
        val size =
            frameSize(
                ofFrames.map { Extent(it.width, it.height) },
                ofPreview.map { Extent(it.width, it.height) },
            ) ?: return fail(ScanTrouble.Failed)
        texture.setDefaultBufferSize(size.width, size.height)
        preview = Surface(texture)
        frames = ImageReader.newInstance(size.width, size.height, ImageFormat.YUV_420_888, 2)
            .apply { setOnImageAvailableListener({ guarded { look(it) } }, handler) }
        cameras.openCamera(id, Opening(), handler)
        isOpening = true
        val sensor = about.get(CameraCharacteristics.SENSOR_ORIENTATION) ?: 0
        val hasLight = about.get(CameraCharacteristics.FLASH_INFO_AVAILABLE) == true
        tell(ScanNews.Looks(size, sensor, hasLight))
    }

    /** One that looks away from the person, if there is one. */
    private fun find(): String? {
        val ids = cameras.cameraIdList
        val back = ids.find { id ->
            val facing =
                cameras.getCameraCharacteristics(id).get(CameraCharacteristics.LENS_FACING)
            facing == CameraMetadata.LENS_FACING_BACK
        }
        return back ?: ids.firstOrNull()
    }

    @Suppress("DEPRECATION")
    private fun begin(device: CameraDevice) =
        device.createCaptureSession(listOfNotNull(preview, frames?.surface), Filming(), handler)

    private fun film() {
        val request = device?.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW) ?: return
        listOfNotNull(preview, frames?.surface).forEach(request::addTarget)
        request.set(
            CaptureRequest.CONTROL_AF_MODE,
            CameraMetadata.CONTROL_AF_MODE_CONTINUOUS_PICTURE,
        )
        request.set(
            CaptureRequest.FLASH_MODE,
            if (isLit) CameraMetadata.FLASH_MODE_TORCH else CameraMetadata.FLASH_MODE_OFF,
        )
        session?.setRepeatingRequest(request.build(), null, handler)
    }

    private fun look(reader: ImageReader) {
        val frame = reader.acquireLatestImage()?.use { image ->
            val plane = image.planes[0]
            val left = plane.buffer.remaining()
            if (bytes.size != left) bytes = ByteArray(left)
            plane.buffer.get(bytes)
            Luminance(bytes, image.width, image.height, plane.rowStride)
        } ?: return
        codes.read(frame)?.let { tell(ScanNews.Found(it)) }
    }

    /** A camera may be taken away at any time, which each of its calls says in its own way. */
    private fun guarded(act: () -> Unit) {
        if (isClosed) return
        try {
            act()
        } catch (e: CameraAccessException) {
            fail(trouble(e.reason))
        } catch (_: SecurityException) {
            fail(ScanTrouble.NotAllowed)
        } catch (_: IllegalStateException) {
            fail(ScanTrouble.Failed)
        } catch (_: IllegalArgumentException) {
            fail(ScanTrouble.Failed)
        }
    }

    private fun fail(why: ScanTrouble) {
        if (isClosed) return
        end()
        tell(ScanNews.Ended(why))
    }

    private fun end() {
        isClosed = true
        device?.close()
        device = null
        session = null
        frames?.close()
        frames = null
        preview?.release()
        preview = null
        // A camera that is on its way is to be heard of, or it would stay open.
        if (!isOpening) thread.quitSafely()
    }

    private fun trouble(reason: Int) = when (reason) {
        CameraAccessException.CAMERA_IN_USE, CameraAccessException.MAX_CAMERAS_IN_USE ->
            ScanTrouble.InUse

        CameraAccessException.CAMERA_DISABLED -> ScanTrouble.SwitchedOff

        else -> ScanTrouble.Failed
    }

    private inner class Opening : CameraDevice.StateCallback() {
        override fun onOpened(camera: CameraDevice) {
            isOpening = false
            device = camera
            if (isClosed) end() else guarded { begin(camera) }
        }

        override fun onDisconnected(camera: CameraDevice) = lost(camera, ScanTrouble.InUse)

        override fun onError(camera: CameraDevice, error: Int) = lost(
            camera,
            when (error) {
                ERROR_CAMERA_IN_USE, ERROR_MAX_CAMERAS_IN_USE -> ScanTrouble.InUse
                ERROR_CAMERA_DISABLED -> ScanTrouble.SwitchedOff
                else -> ScanTrouble.Failed
            },
        )

        private fun lost(camera: CameraDevice, why: ScanTrouble) {
            isOpening = false
            device = camera
            if (isClosed) end() else fail(why)
        }
    }

    private inner class Filming : CameraCaptureSession.StateCallback() {
        override fun onConfigured(session: CameraCaptureSession) {
            this@ScanCamera.session = session
            guarded(::film)
        }

        override fun onConfigureFailed(session: CameraCaptureSession) = fail(ScanTrouble.Failed)
    }
}
