// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.Mid
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Notice
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.time.Moment
import org.intercomd.phone.time.earliest
import org.intercomd.phone.words.Code
import kotlin.random.Random
import kotlin.time.Duration.Companion.seconds

/**
 * The connection to the station that is always there or on its way back, and the requests that
 * outlive a single socket. [poll] is to be drained after every other call. Whoever opens the
 * sockets names them by the number of [Output.Dial]; news of an older one is dropped.
 */
class Connection(
    private val parties: Parties,
    private val addresses: List<String>,
    private val entropy: Entropy,
    random: Random,
) {
    init {
        require(addresses.isNotEmpty()) { "a station without an address" }
    }

    sealed interface Output {
        data class Dial(val socket: Int, val address: String) : Output

        data class Send(val socket: Int, val frame: String) : Output

        data class Close(val socket: Int) : Output

        data class LinkIs(val link: Link) : Output

        data class Said(val message: FromStation) : Output

        data class Answered(val request: Request, val answer: FromStation) : Output

        /** The station itself says that this handset is not paired any more. */
        data object Revoked : Output
    }

    private sealed interface State {
        data object Stopped : State

        data class Dialling(val until: Moment) : State

        data class Talking(val conversation: Conversation, val steadyAt: Moment?) : State

        data class Pausing(val until: Moment) : State
    }

    private val output = ArrayDeque<Output>()
    private val outstanding = Outstanding()
    private val pauses = Pauses(random)
    private var state: State = State.Stopped
    private var socket = 0
    private var place = 0
    private var failedInRound = 0
    private var hasNetwork = true
    private var since: Moment? = null
    private var why: Farewell? = null

    fun poll(): Output? = output.removeFirstOrNull()

    fun start(now: Moment) {
        if (state == State.Stopped) dial(now)
    }

    /** On a socket that is open already, as after pairing. */
    fun startOnOpenSocket(socket: Int, srv: Srv, now: Moment) {
        if (state != State.Stopped) return
        this.socket = socket
        since = now
        tell(Link.Word.Connecting)
        converse(srv, now)
    }

    fun stop() {
        if (state == State.Stopped) return
        closeSocket()
        state = State.Stopped
        for (mid in outstanding.requests()) refuse(mid, Code.Stopped)
        why = Farewell.Stopped
        tell(Link.Word.Stopped)
    }

    fun opened(socket: Int, srv: Srv, now: Moment) {
        if (socket == this.socket && state is State.Dialling) converse(srv, now)
    }

    fun received(socket: Int, frame: String, now: Moment) {
        val talking = state as? State.Talking ?: return
        if (socket != this.socket) return
        talking.conversation.received(frame, now)
        drain(talking.conversation, now)
    }

    fun closed(socket: Int, hint: String, now: Moment) {
        if (socket != this.socket) return
        when (val state = state) {
            is State.Dialling -> notOpened(hint, now)

            is State.Talking -> {
                state.conversation.end(Farewell.Closed(hint))
                drain(state.conversation, now)
            }

            is State.Pausing, State.Stopped -> Unit
        }
    }

    /** Somebody looks, or a push came: now rather than after the pause. */
    fun wake(now: Moment) {
        when (val state = state) {
            is State.Talking -> {
                state.conversation.probe(PROBED_WITHIN, now)
                drain(state.conversation, now)
            }

            is State.Pausing -> dial(now)

            is State.Dialling, State.Stopped -> Unit
        }
    }

    /**
     * Without a network nothing is dialled, and what is open is asked whether it still is: the
     * phone may not know of a network at home that leads nowhere else. On a new one nothing of
     * the old is waited for.
     */
    fun networkChanged(isThere: Boolean, now: Moment) {
        hasNetwork = isThere
        when (state) {
            is State.Dialling ->
                if (isThere) {
                    closeSocket()
                    dial(now)
                }

            is State.Talking -> wake(now)

            is State.Pausing, State.Stopped -> if (isThere) wake(now)
        }
    }

    /** Answered by [Output.Answered], if only that there is no answer. */
    fun request(request: Request, now: Moment) {
        say(outstanding.add(entropy.mid(), request, now + ANSWERED_WITHIN), now)
    }

    /** Repeated until the station has it. */
    fun notify(notice: Notice, now: Moment) {
        say(outstanding.add(entropy.mid(), notice, null), now)
    }

    /** Notices that nobody needs any more, such as candidates of a session that is over. */
    fun forget(isObsolete: (Notice) -> Boolean) = outstanding.forget(isObsolete)

    fun tick(now: Moment) {
        for (mid in outstanding.unanswered(now)) refuse(mid, Code.NoAnswer)
        when (val state = state) {
            is State.Dialling -> if (state.until <= now) lateToOpen(now)

            is State.Pausing -> if (hasNetwork && state.until <= now) dial(now)

            is State.Talking -> {
                if (state.steadyAt != null && state.steadyAt <= now) steady(state)
                state.conversation.tick(now)
                drain(state.conversation, now)
            }

            State.Stopped -> Unit
        }
    }

    fun due(): Moment? {
        val own =
            when (val state = state) {
                is State.Dialling -> state.until
                is State.Pausing -> state.until.takeIf { hasNetwork }
                is State.Talking -> earliest(listOf(state.steadyAt, state.conversation.due()))
                State.Stopped -> null
            }
        return earliest(listOf(own, outstanding.due()))
    }

    private fun say(message: Message, now: Moment) {
        val conversation = (state as? State.Talking)?.conversation ?: return
        conversation.say(message, now)
        drain(conversation, now)
    }

    private fun dial(now: Moment) {
        if (!hasNetwork) return pause(now)
        if (failedInRound == 0) pauses.begin()
        since = since ?: now
        socket += 1
        state = State.Dialling(now + OPEN_WITHIN)
        tell(if (pauses.isFirst) Link.Word.Connecting else Link.Word.Lost)
        output += Output.Dial(socket, addresses[place])
    }

    private fun lateToOpen(now: Moment) {
        closeSocket()
        notOpened("late", now)
    }

    /** The other addresses are tried at once; the pause is between rounds. */
    private fun notOpened(hint: String, now: Moment) {
        why = Farewell.Closed(hint)
        place = (place + 1) % addresses.size
        failedInRound = (failedInRound + 1) % addresses.size
        if (failedInRound == 0) pause(now) else dial(now)
    }

    private fun converse(srv: Srv, now: Moment) {
        val conversation = Conversation(parties, entropy, srv, now)
        state = State.Talking(conversation, null)
        failedInRound = 0
        drain(conversation, now)
    }

    private fun drain(conversation: Conversation, now: Moment) {
        while (state is State.Talking) {
            when (val said = conversation.poll() ?: return) {
                is Conversation.Output.Send -> output += Output.Send(socket, said.frame)
                is Conversation.Output.Confirmed -> confirmed(conversation, said, now)
                is Conversation.Output.Said -> heard(said.heard)
                is Conversation.Output.Acknowledged -> outstanding.acknowledged(said.mids)
                is Conversation.Output.Over -> over(said.why, now)
            }
        }
    }

    private fun confirmed(
        conversation: Conversation,
        said: Conversation.Output.Confirmed,
        now: Moment,
    ) {
        state = State.Talking(conversation, now + STEADY_AFTER)
        since = null
        why = null
        tell(Link.Word.Connected)
        output += Output.Said(said.stateIs)
        for (message in outstanding.all) conversation.say(message, now)
    }

    private fun steady(talking: State.Talking) {
        pauses.reset()
        state = talking.copy(steadyAt = null)
    }

    private fun heard(heard: Heard) {
        val says = heard.says
        if (says is Failed && says.code == Code.Revoked) return revoked()
        outstanding.answered(heard.re)?.let { output += Output.Answered(it, says) }
        output += Output.Said(says)
    }

    private fun over(why: Farewell, now: Moment) {
        this.why = why
        if (why is Farewell.Denied && why.error.code == Code.Revoked) return revoked()
        closeSocket()
        pause(now)
    }

    private fun revoked() {
        stop()
        output += Output.Revoked
    }

    private fun pause(now: Moment) {
        since = since ?: now
        state = State.Pausing(now + pauses.next())
        tell(Link.Word.Lost)
    }

    private fun closeSocket() {
        if (state is State.Dialling || state is State.Talking) output += Output.Close(socket)
    }

    private fun refuse(mid: Mid, code: Code) {
        outstanding.answered(mid)?.let { output += Output.Answered(it, Failed(code)) }
    }

    private fun tell(word: Link.Word) {
        output += Output.LinkIs(Link(word, since, why))
    }

    private companion object {
        val OPEN_WITHIN = 10.seconds
        val STEADY_AFTER = 5.seconds
        val PROBED_WITHIN = 3.seconds
        val ANSWERED_WITHIN = 10.seconds
    }
}
