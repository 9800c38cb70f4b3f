// SPDX-License-Identifier: MIT OR Apache-2.0
package androidx.test.platform.app

import android.app.Instrumentation
import android.os.Bundle

/**
 * This and the classes under runner and internal are what Robolectric calls of
 * androidx.test:monitor, which is not on Maven Central.
 */
object InstrumentationRegistry {
    private var registered: Instrumentation? = null

    @JvmStatic
    fun registerInstance(instrumentation: Instrumentation?, arguments: Bundle?) {
        registered = instrumentation
    }

    @JvmStatic
    fun getInstrumentation(): Instrumentation? = registered
}
