// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

/** What a phone can do for keys. */
data class PhoneSecurity(val sdk: Int, val hasStrongBox: Boolean, val hasScreenLock: Boolean)

/** How a key is made. */
data class KeyPlan(val isInStrongBox: Boolean, val asks: Asks) {
    /** Whom it asks before it signs. */
    enum class Asks {
        Nobody,

        /** The person, each time, by whatever unlocks the phone. */
        EachTime,

        /** The person, a few seconds ago at most: unlocking the phone counts, too. */
        JustBefore,
    }

    companion object {
        /** It signs all that is said, so it may not be slow: no StrongBox. */
        val CALL = KeyPlan(isInStrongBox = false, asks = Asks.Nobody)

        /** @throws NoScreenLock */
        fun action(phone: PhoneSecurity): KeyPlan {
            if (!phone.hasScreenLock) throw NoScreenLock()
            return KeyPlan(
                isInStrongBox = phone.sdk >= STRONG_BOX && phone.hasStrongBox,
                asks = if (phone.sdk >= LOCK_OR_FINGER) Asks.EachTime else Asks.JustBefore,
            )
        }

        private const val STRONG_BOX = 28

        /** From here on a key that asks each time takes the screen lock as well as a finger. */
        private const val LOCK_OR_FINGER = 30
    }
}

/** A phone without a screen lock has nobody to ask before a door is opened. */
class NoScreenLock : Exception("set a screen lock first: it is asked for when a door is opened")
