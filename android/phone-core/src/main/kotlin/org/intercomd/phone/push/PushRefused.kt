// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.push

/** A push that nobody who knows the keys has sent, or that was damaged on its way. */
class PushRefused(why: String, cause: Throwable? = null) : Exception(why, cause)
