// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import android.security.keystore.KeyPermanentlyInvalidatedException
import org.intercomd.phone.keys.BegunSignature
import org.intercomd.phone.keys.CannotSign
import org.intercomd.phone.keys.PlatformKeyPair
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.net.DoorSigner
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicBoolean

/** Why a door's key did not sign though nobody said no. */
enum class SignerTrouble {
    /** The key is gone: the screen lock was removed, for instance. The station is to be paired anew. */
    PairAnew,

    /** There is no screen of this app on which the person could be asked. */
    NoScreen,

    /** The key did not work this time. */
    Failed,
}

/** Whoever asks the person. */
fun interface Asker {
    /**
     * [signature] is what the person is to agree to, where the key asks each time. [answer] is
     * called once, on any thread; with null where there is nothing to ask on.
     */
    fun ask(door: DoorName, signature: BegunSignature?, answer: (Boolean?) -> Unit)
}

/** Asks the person, then signs: one door at a time. */
class AskingDoorSigner(
    /** The action key, which is looked for each time. @throws VaultFailed */
    private val key: () -> PlatformKeyPair?,
    private val asks: KeyPlan.Asks,
    private val asker: Asker,
    /** Key stores take their time. */
    private val worker: Executor,
    /** On any thread. */
    private val trouble: (SignerTrouble) -> Unit,
) : DoorSigner {
    private val isBusy = AtomicBoolean()

    override fun sign(door: DoorName, text: ByteArray, done: (ByteArray?) -> Unit) {
        if (!isBusy.compareAndSet(false, true)) return done(null)
        Asking(text) { signature ->
            isBusy.set(false)
            done(signature)
        }.begin(door)
    }

    private inner class Asking(
        private val text: ByteArray,
        private val done: (ByteArray?) -> Unit,
    ) {
        fun begin(door: DoorName) = step {
            val found = key() ?: return@step fail(SignerTrouble.PairAnew)
            val begun = if (asks == KeyPlan.Asks.EachTime) found.begin() else null
            asker.ask(door, begun) { answered(it, found, begun) }
        }

        private fun answered(agrees: Boolean?, key: PlatformKeyPair, begun: BegunSignature?) =
            when (agrees) {
                null -> fail(SignerTrouble.NoScreen)
                false -> done(null)
                true -> step { done((begun ?: key.begin()).sign(text)) }
            }

        private fun step(act: () -> Unit) = worker.execute {
            try {
                act()
            } catch (e: CannotSign) {
                fail(if (isGone(e)) SignerTrouble.PairAnew else SignerTrouble.Failed)
            } catch (_: VaultFailed) {
                fail(SignerTrouble.Failed)
            }
        }

        private fun fail(why: SignerTrouble) {
            trouble(why)
            done(null)
        }
    }

    private fun isGone(e: CannotSign): Boolean =
        generateSequence<Throwable>(e) { it.cause }.any { it is KeyPermanentlyInvalidatedException }
}
