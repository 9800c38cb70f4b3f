// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.words.Code

/** A frame was not taken. */
class Refusal(val code: Code) : Exception(code.word)
